import { diffArrays } from 'diff';
import { canonicalJson, type Json, type JsonObject } from '../core/json.ts';
import type { LmExchange } from '../core/lm-exchange.ts';

/** Members that hold the prompt; each is shown line by line, the parameters one a line. */
const PROMPTS = ['messages', 'prompt', 'input'];
const MAX_CANDIDATES = 200;
const MAX_EDITS = 400;
const MAX_DIFF_LINES = 16;
const LINE_WIDTH = 120;
/** Characters kept before the first difference of a long line. */
const LEAD = 40;

/**
 * The recorded request that has most lines in common with the asked one, as a short unified diff from recorded
 * (`-`) to asked (`+`). Only what differs is shown, at most {@link MAX_DIFF_LINES} lines of {@link LINE_WIDTH}
 * characters.
 *
 * @returns null where no exchange is given
 */
export function nearestRequestDiff(
  path: string,
  request: JsonObject,
  exchanges: readonly LmExchange[],
): string | null {
  const asked = toLines(path, request);
  let nearest: { lines: string[]; position: number; shared: number } | undefined;
  for (const [index, exchange] of exchanges.slice(0, MAX_CANDIDATES).entries()) {
    const lines = toLines(exchange.path, exchange.request);
    // Dice coefficient: lines in common, held against the lines of both
    const similarity = (2 * sharedLines(lines, asked)) / (lines.length + asked.length);
    // a request of another kind is only shown where there is none of the same
    const shared = exchange.path === path ? similarity : similarity - 1;
    if (nearest === undefined || shared > nearest.shared) nearest = { lines, position: index + 1, shared };
  }
  if (nearest === undefined) return null;
  const head = `--- recorded request ${nearest.position} of ${exchanges.length}\n+++ this request`;
  return `${head}\n${changedLines(nearest.lines, asked)}`;
}

function changedLines(recorded: string[], asked: string[]): string {
  const changes = diffArrays(recorded, asked, { maxEditLength: MAX_EDITS }) ?? [
    { value: recorded, removed: true, added: false },
    { value: asked, removed: false, added: true },
  ];
  const shown: string[] = [];
  for (const [index, change] of changes.entries()) {
    if (!change.added && !change.removed) continue;
    const other = changes[change.removed ? index + 1 : index - 1];
    const replaced = other !== undefined && (change.removed ? other.added : other.removed);
    for (const [row, line] of change.value.entries()) {
      const counterpart = replaced ? (other.value[row] ?? '') : '';
      shown.push(`${change.removed ? '-' : '+'} ${aroundDifference(line, counterpart)}`);
    }
  }
  if (shown.length <= MAX_DIFF_LINES) return shown.join('\n');
  const more = `  … ${shown.length - MAX_DIFF_LINES} more lines differ`;
  return [...balanced(shown), more].join('\n');
}

/** The first lines of both signs: a long removal must not push out what came in its place. */
function balanced(lines: string[]): string[] {
  const room = { '-': MAX_DIFF_LINES / 2, '+': MAX_DIFF_LINES / 2 };
  const kept = lines.filter((line) => room[line[0] as '-' | '+']-- > 0);
  return kept;
}

function aroundDifference(line: string, counterpart: string): string {
  if (line.length <= LINE_WIDTH) return line;
  let same = 0;
  while (same < line.length && line[same] === counterpart[same]) same++;
  const start = Math.max(0, Math.min(same - LEAD, line.length - LINE_WIDTH));
  const end = start + LINE_WIDTH;
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
}

function sharedLines(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of a) left.set(line, (left.get(line) ?? 0) + 1);
  let shared = 0;
  for (const line of b) {
    const count = left.get(line) ?? 0;
    if (count === 0) continue;
    left.set(line, count - 1);
    shared++;
  }
  return shared;
}

function toLines(path: string, request: JsonObject): string[] {
  const parameters = Object.keys(request)
    .filter((name) => !PROMPTS.includes(name))
    .sort()
    .map((name) => `${name}: ${canonicalJson(request[name] as Json)}`);
  const prompts = PROMPTS.flatMap((name) =>
    name in request ? promptLines(name, request[name] as Json) : [],
  );
  return [path, ...parameters, ...prompts];
}

function promptLines(name: string, value: Json): string[] {
  if (typeof value === 'string') return value.split('\n').map((line) => `${name}: ${line}`);
  if (!Array.isArray(value)) return [`${name}: ${canonicalJson(value)}`];
  return value.flatMap((item, index) => {
    if (typeof item === 'string') return promptLines(`${name}[${index}]`, item);
    if (item === null || typeof item !== 'object' || Array.isArray(item)) {
      return [`${name}[${index}]: ${canonicalJson(item)}`];
    }
    const { role, content, ...rest } = item;
    const label = `${name}[${index}] ${typeof role === 'string' ? role : ''}`.trimEnd();
    return [
      ...promptLines(label, content ?? null),
      ...(Object.keys(rest).length > 0 ? [`${label}: ${canonicalJson(rest)}`] : []),
    ];
  });
}
