import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Document, Scalar } from 'yaml';
import { isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConstitutionError, type Place } from '../core/errors.ts';
import { MAX_CONFIG_BYTES } from '../io/read-config-text.ts';
import { type ExplainedIssue, explainIssue } from './explain-issue.ts';
import { offsetInScalar } from './place-in-scalar.ts';

/** Signs of a line that are shown around a place. */
const EXCERPT = 120;
/** Resolved aliases per file; a handful is normal use, hundreds are an alias bomb. */
const MAX_ALIASES = 100;

export interface LoadOptions {
  /** Absolute folder that places in errors are relative to. */
  readonly root: string;
}

/**
 * Reads a YAML or JSON file and validates it.
 *
 * @throws ConstitutionError CX-CONFIG-MISSING, CX-CONFIG-SYNTAX or CX-CONFIG-INVALID, with file, line and column.
 */
export async function loadYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  options: LoadOptions,
): Promise<z.output<Schema>> {
  return parseYaml(await readText(file, options), file, schema, options);
}

/** As {@link loadYaml}, for text that was read already. */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  options: LoadOptions,
): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const name = displayName(file, options.root);
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line, column: col };
  };

  // A warning is of a tag that nobody knows: what it was to do is not done.
  const [syntax] = [...document.errors, ...document.warnings];
  if (syntax) {
    // What is missing at the end is shown behind the last sign: below it there is nothing to see.
    const place = placeAt(Math.min(syntax.pos[0], text.trimEnd().length));
    const several = syntax.code === 'MULTIPLE_DOCS';
    throw new ConstitutionError(
      'CX-CONFIG-SYNTAX',
      several ? 'the file holds more than one document' : syntax.message,
      {
        place,
        details: { excerpt: excerpt(text, place) },
        hint: several
          ? 'Give each document a file of its own.'
          : 'Correct the file there; indentation, an unclosed quote or a repeated key are the usual causes.',
      },
    );
  }

  const value = toValue(document, name);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;

  // An unknown key goes first: it is often the misspelt one that another issue misses.
  const issues = parsed.error.issues.flatMap((found) => explainIssue(found, schema, value));
  const [issue, ...others] = issues.sort(
    (a, b) => Number(b.atKey !== undefined) - Number(a.atKey !== undefined),
  );
  if (issue === undefined) throw new ConstitutionError('CX-INTERNAL', 'validation failed without an issue');
  const place = placeAt(offsetOf(text, document, issue));
  throw new ConstitutionError('CX-CONFIG-INVALID', issue.message, {
    place,
    hint: issue.hint,
    details: { excerpt: excerpt(text, place), others: others.map((other) => other.message) },
  });
}

async function readText(file: string, options: LoadOptions): Promise<string> {
  const place = { file: displayName(file, options.root) };
  const unreadable = (cause: NodeJS.ErrnoException): never => {
    const missing = cause.code === 'ENOENT';
    throw new ConstitutionError(
      'CX-CONFIG-MISSING',
      missing ? 'the file does not exist' : `the file cannot be read (${cause.code})`,
      { place, cause },
    );
  };
  const info = await stat(file).catch(unreadable);
  // A pipe or a device may never come to an end.
  if (!info.isFile()) throw new ConstitutionError('CX-CONFIG-INVALID', 'the path is not a file', { place });
  if (info.size > MAX_CONFIG_BYTES) {
    throw new ConstitutionError(
      'CX-CONFIG-INVALID',
      `the file has ${info.size} bytes, allowed are ${MAX_CONFIG_BYTES}`,
      { place },
    );
  }
  const bytes = await readFile(file).catch(unreadable);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConstitutionError('CX-CONFIG-SYNTAX', 'the file is not UTF-8 text', { place, cause });
  }
}

function toValue(document: Document.Parsed, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new ConstitutionError('CX-CONFIG-INVALID', 'the file resolves too many aliases', {
      place: { file: name },
      hint: `At most ${MAX_ALIASES} resolved aliases are allowed; write the values out.`,
      cause,
    });
  }
}

/**
 * Offset of the node at the path of an issue, or of its nearest existing parent; of the key itself where the issue names one,
 * and of the sign in a text.
 */
function offsetOf(
  text: string,
  document: Document.Parsed,
  { path, atKey, atSign }: Pick<ExplainedIssue, 'path' | 'atKey' | 'atSign'>,
): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (!isNode(node)) continue;
    if (depth === path.length && atKey !== undefined && 'items' in node) {
      for (const item of node.items as { key?: { value?: unknown; range?: number[] } }[]) {
        if (String(item.key?.value) === atKey) return item.key?.range?.[0] ?? 0;
      }
    }
    if (depth === path.length && atSign !== undefined && isScalar(node))
      return offsetInScalar(text, node as Scalar.Parsed, atSign);
    return node.range?.[0] ?? 0;
  }
  return 0;
}

/** Where a value stands in a file that {@link loadYaml} accepts, with its line and a caret. */
export async function placeInYaml(
  file: string,
  path: readonly string[],
  options: LoadOptions,
): Promise<{ place: Place; excerpt: string }> {
  const text = await readText(file, options);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const { line, col } = lines.linePos(offsetOf(text, document, { path }));
  const place = { file: displayName(file, options.root), line, column: col };
  return { place, excerpt: excerpt(text, place) };
}

/** The line of `place` with a caret under its column; of a long one, what is around it. */
function excerpt(text: string, place: Place): string {
  // A tab is as wide as the terminal likes, and other control characters command it.
  const line = (text.split('\n')[(place.line ?? 1) - 1] ?? '').replace(/\p{Cc}/gu, ' ').trimEnd();
  const column = Math.max(0, (place.column ?? 1) - 1);
  const from = line.length <= EXCERPT ? 0 : Math.max(0, column - EXCERPT / 2);
  return `${line.slice(from, from + EXCERPT)}\n${' '.repeat(column - from)}^`;
}

function displayName(file: string, root: string): string {
  const relative = path.relative(root, file);
  return (relative.startsWith('..') ? file : relative).split(path.sep).join('/');
}
