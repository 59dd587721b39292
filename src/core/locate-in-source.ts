import { escapeRegExp } from './escape-regexp.ts';
import { withoutComments } from './source-text.ts';

/** 1-based. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** A call whose first argument is a text, as it stands in its file; offsets. */
export interface NamedCall {
  readonly start: number;
  /** Of the bracket before the text. */
  readonly bracket: number;
  /** Of its last bracket; that of the first where it is not found. */
  readonly end: number;
  /** The text between ` > `. */
  readonly names: readonly string[];
  /** The calls that it stands in, from the inside out. */
  readonly around: readonly NamedCall[];
}

/** `test('…'`, `it.only("…"`, `` test.each(table)(`…` ``: what is called, or the end of a call or a table; the text. */
const CALL_WITH_TEXT =
  /(([A-Za-z_$][\w$.]*|[)`])\s*\()\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

/** The calls of a file, for many questions. */
interface Calls {
  /** By the last of their names. */
  readonly byName: ReadonlyMap<string, readonly NamedCall[]>;
  /** Those whose text may stand for other names. */
  readonly patterns: readonly NamedCall[];
}

/** Calls of the text that was read last: one file is mostly asked for many tests. */
let last: { readonly source: string; readonly calls: Calls } | undefined;

/**
 * Finds a test by its name in the text of its file. It reads the text and does not parse it: a name that is put together
 * at run time is found where its pattern (`%s`, `$value`, `${…}`) fits. Of several calls with the test's own name, it is
 * the one that stands in the calls of its suites.
 *
 * @param fullName The names of its suites and its own, joined by ` > `.
 * @returns the beginning of the call, or null where no call has that name.
 */
export function locateInSource(source: string, fullName: string): SourcePlace | null {
  const [call] = callsOfTest(source, fullName);
  return call === undefined ? null : placeAt(source, call.start);
}

/** The call of a test, as {@link locateInSource} finds it, and those that it stands in, from the inside out. */
export function callsOfTest(source: string, fullName: string): readonly NamedCall[] {
  if (last?.source !== source) last = { source, calls: callsOf(source) };
  const names = fullName.split(' > ');
  const { byName, patterns } = last.calls;
  let best: { readonly found: readonly NamedCall[]; readonly misses: number } = {
    found: [],
    misses: Number.POSITIVE_INFINITY,
  };
  for (const call of [...(byName.get(names.at(-1) as string) ?? []), ...patterns]) {
    const own = names.slice(-call.names.length);
    if (own.length !== call.names.length) continue;
    if (!call.names.every((written, index) => fits(written, own[index] as string))) continue;
    const suites = names.slice(0, names.length - own.length);
    // A name as it is written goes before a pattern, where the suites are equally right.
    const misses = differences(call.around, suites) + (call.names.join() === own.join() ? 0 : 0.5);
    if (misses < best.misses) best = { found: [call, ...call.around], misses };
  }
  return best.found;
}

/** The place of an offset in a text. */
export function placeAt(source: string, offset: number): SourcePlace {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function callsOf(source: string): Calls {
  const code = withoutComments(source);
  const { closing, opening } = bracketsOf(code);
  const found = [...source.matchAll(CALL_WITH_TEXT)].flatMap((match): Omit<NamedCall, 'around'>[] => {
    const [, head = '', called = ''] = match;
    const bracket = match.index + head.length - 1;
    // In a comment, or in a text.
    if (code[bracket] !== '(') return [];
    const start = called === ')' || called === '`' ? startOfTable(code, match.index, opening) : match.index;
    const written = unescaped(match[3] ?? match[4] ?? match[5] ?? '');
    return [{ start, bracket, end: closing.get(bracket) ?? bracket, names: written.split(' > ') }];
  });
  const byName = new Map<string, NamedCall[]>();
  const patterns: NamedCall[] = [];
  let open: readonly NamedCall[] = [];
  for (const one of found.sort((x, y) => x.start - y.start)) {
    while (open[0] !== undefined && open[0].end < one.start) open = open.slice(1);
    const call = { ...one, around: open };
    open = [call, ...open];
    const name = call.names.at(-1) as string;
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [call]);
    else same.push(call);
    if (/[%$]/.test(name)) patterns.push(call);
  }
  return { byName, patterns };
}

/** The beginning of `test.each(table)` or `` test.each`table` `` by the offset of its last sign. */
function startOfTable(code: string, end: number, opening: ReadonlyMap<number, number>): number {
  const open = code[end] === ')' ? opening.get(end) : code.lastIndexOf('`', end - 1);
  const called = /[A-Za-z_$][\w$.]*\s*$/.exec(code.slice(Math.max(0, (open ?? end) - 200), open ?? end))?.[0];
  return (open ?? end) - (called?.length ?? 0);
}

/** The offset of the bracket that belongs to each round bracket, in code whose texts are blank. */
function bracketsOf(code: string): Record<'closing' | 'opening', Map<number, number>> {
  const closing = new Map<number, number>();
  const opening = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: bracket, index } of code.matchAll(/[()]/g)) {
    if (bracket === '(') open.push(index);
    else {
      const start = open.pop();
      if (start === undefined) continue;
      closing.set(start, index);
      opening.set(index, start);
    }
  }
  return { closing, opening };
}

/** How many names of suites have no call around the test, and how many calls around it are none of its suites. */
function differences(around: readonly NamedCall[], suites: readonly string[]): number {
  let rest = [...suites];
  let found = 0;
  const written = around.flatMap(({ names }) => names.toReversed());
  for (const text of written) {
    const at = rest.findLastIndex((name) => text === name || fits(text, name, true));
    if (at < 0) continue;
    rest = rest.slice(0, at);
    found++;
  }
  return written.length + suites.length - 2 * found;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? letter);
}

/** Whether a name can have come from a pattern of `test.each`, or from a template. */
function fits(written: string, name: string, evenIfBare = false): boolean {
  if (written === name) return true;
  const parts = written.split(/%[sdifjoOc#$%]|\$\{[^}]*\}|\$[\w.]+/);
  if (parts.length === 1 || (!evenIfBare && parts.every((part) => part.trim() === ''))) return false;
  const pattern = parts.map(escapeRegExp).join('[\\s\\S]*');
  return new RegExp(`^${pattern}$`).test(name);
}
