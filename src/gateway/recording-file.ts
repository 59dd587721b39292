import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConstitutionError, type Place } from '../core/errors.ts';
import { type Json, sha256 } from '../core/json.ts';
import { exchangeKey, type LmExchange, type Recording, recordingIntegrity } from '../core/lm-exchange.ts';
import { editDistance } from '../core/nearest.ts';
import { writeAtomically } from '../io/write-atomically.ts';
import { isTooDeep, MAX_DEPTH } from './json-depth.ts';
import { recordingSchema } from './recording-schema.ts';
import { Tape } from './tape.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_NEIGHBOURS = 8;
const RECORD_AGAIN = 'Record it again with `npm run gate -- --lm=record`.';

/**
 * The absolute path of a recording.
 *
 * @throws ConstitutionError CX-GATEWAY-RUN where it would leave the folder or does not end in `.json`
 */
export function recordingPath(folder: string, recording: string): string {
  const file = path.resolve(folder, recording);
  const inside = path.relative(path.resolve(folder), file);
  const leaves = inside === '' || inside.startsWith('..') || path.isAbsolute(inside);
  if (leaves || recording.includes('\0') || recording.includes('\\') || !recording.endsWith('.json')) {
    throw new ConstitutionError('CX-GATEWAY-RUN', `"${recording}" cannot be the file of a recording`, {
      hint: 'Name a .json file relative to the recordings folder, with / as separator.',
    });
  }
  return file;
}

/**
 * Reads and checks a recording. Nothing in it is believed: every field is validated, every key is computed
 * again, and the whole is held against its integrity hash.
 *
 * @returns null where there is no such file
 * @throws ConstitutionError CX-RECORDING-INVALID with file and, where it is known, line
 */
export async function readRecording(file: string, root: string): Promise<Tape | null> {
  const name = path.relative(root, file).split(path.sep).join('/');
  const bytes = await readBytes(file, name);
  if (bytes === null) return null;
  const text = bytes.toString('utf8');
  const recording = validated(parse(text, name), text, name);
  checkKeys(recording, text, name);
  const integrity = recordingIntegrity(recording);
  if (recording.integrity !== integrity) {
    throw invalid(placeOf(text, ['integrity'], name), 'the recording was changed after it was written', {
      hint: `${RECORD_AGAIN} If the change is intended, set "integrity" to "${integrity}".`,
    });
  }
  return new Tape(recording, sha256(bytes));
}

/**
 * Exchanges of the other recordings in a recording's folder (at most {@link MAX_NEIGHBOURS}, those with the most
 * alike names first), to show what a lost one was near to. Files that cannot be read are passed over.
 */
export async function neighbouringExchanges(file: string, root: string): Promise<LmExchange[]> {
  const own = path.basename(file);
  const names = await readdir(path.dirname(file)).catch(() => []);
  const alike = names
    .filter((name) => name.endsWith('.json') && name !== own)
    .sort((a, b) => editDistance(a, own) - editDistance(b, own))
    .slice(0, MAX_NEIGHBOURS);
  const tapes = await Promise.all(
    alike.map((name) => readRecording(path.join(path.dirname(file), name), root).catch(() => null)),
  );
  return tapes.flatMap((tape) => tape?.recording.exchanges ?? []);
}

/**
 * Writes a recording so that a reader finds the old one or the new one, never a part.
 *
 * @returns SHA-256 of the file
 * @throws ConstitutionError CX-RECORDING-WRITE
 */
export async function writeRecording(file: string, content: Omit<Recording, 'integrity'>): Promise<string> {
  const recording: Recording = { ...content, integrity: recordingIntegrity(content) };
  const text = `${JSON.stringify(sorted(recording as unknown as Json), null, 2)}\n`;
  try {
    await writeAtomically(file, text);
  } catch (cause) {
    throw new ConstitutionError('CX-RECORDING-WRITE', `the recording ${file} could not be written`, {
      hint: 'Check that the folder of recordings may be written and that the disk is not full.',
      cause,
    });
  }
  return sha256(text);
}

async function readBytes(file: string, name: string): Promise<Buffer | null> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw invalid({ file: name }, `a recording may have ${MAX_BYTES} bytes at most`);
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof ConstitutionError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw invalid({ file: name }, 'the recording cannot be read', { cause });
  }
}

function parse(text: string, name: string): unknown {
  try {
    const value = JSON.parse(text) as Json;
    if (isTooDeep(value)) throw new SyntaxError(`it nests more than ${MAX_DEPTH} levels`);
    return value;
  } catch (cause) {
    const { message } = cause as Error;
    const offset = /at position (\d+)/.exec(message)?.[1];
    const line = offset === undefined ? 1 : text.slice(0, Number(offset)).split('\n').length;
    throw invalid({ file: name, line }, `the recording is not JSON: ${message}`, { cause });
  }
}

function validated(value: unknown, text: string, name: string): Recording {
  const result = recordingSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const where = issue.path.length === 0 ? 'the recording' : issue.path.join('.');
  throw invalid(placeOf(text, issue.path, name), `${where}: ${issue.message}`);
}

function checkKeys(recording: Recording, text: string, name: string): void {
  const next = new Map<string, number>();
  for (const [index, { key, ordinal, path: route, request }] of recording.exchanges.entries()) {
    if (exchangeKey(route, request) !== key) {
      throw invalid(
        placeOf(text, ['exchanges', index, 'key'], name),
        'the key does not belong to the request',
      );
    }
    const expected = next.get(key) ?? 0;
    if (ordinal !== expected) {
      const at = placeOf(text, ['exchanges', index, 'ordinal'], name);
      throw invalid(at, `the ordinal is ${ordinal}, but this is occurrence ${expected} of its request`);
    }
    next.set(key, expected + 1);
  }
}

/** JSON is YAML, whose parser knows places; it is only used once something is known to be wrong. */
function placeOf(text: string, at: readonly PropertyKey[], name: string): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (let depth = at.length; depth > 0; depth--) {
    const node = document.getIn(at.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return { file: name, line: lines.linePos(node.range[0]).line };
  }
  return { file: name, line: 1 };
}

function invalid(
  place: Place,
  message: string,
  more: { hint?: string; cause?: unknown } = {},
): ConstitutionError {
  return new ConstitutionError('CX-RECORDING-INVALID', message, { hint: RECORD_AGAIN, ...more, place });
}

/** Keys in order at every depth: two sessions that record the same write the same text. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] as Json)]));
}
