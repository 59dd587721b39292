import { escapeRegExp } from './escape-regexp.ts';

/** 1-based. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** A call whose first argument is a text: `test('…'`, `it.only("…"`, `` test.each(table)(`…` ``. */
const CALL_WITH_TEXT =
  /([A-Za-z_$][\w$.]*)\s*(?:\([^'"`]*?\)\s*|`[^`]*`\s*)?\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

/**
 * Finds a test by its name in the text of its file. It reads the text and does not parse it: a name that is put together
 * at run time is found where its pattern (`%s`, `$value`, `${…}`) fits.
 *
 * @param name The test's own name, without those of its suites.
 * @returns the beginning of the call, or null where no call has that name.
 */
export function locateInSource(source: string, name: string): SourcePlace | null {
  let pattern: SourcePlace | null = null;
  for (const match of source.matchAll(CALL_WITH_TEXT)) {
    const written = unescaped(match[2] ?? match[3] ?? match[4] ?? '');
    if (written === name) return placeAt(source, match.index);
    if (pattern === null && fits(written, name)) pattern = placeAt(source, match.index);
  }
  return pattern;
}

/** The place of an offset in a text. */
export function placeAt(source: string, offset: number): SourcePlace {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? letter);
}

/** Whether a name can have come from a pattern of `test.each`, or from a template. */
function fits(written: string, name: string): boolean {
  const parts = written.split(/%[sdifjoOc#$%]|\$\{[^}]*\}|\$[\w.]+/);
  if (parts.length === 1 || parts.every((part) => part.trim() === '')) return false;
  const pattern = parts.map(escapeRegExp).join('[\\s\\S]*');
  return new RegExp(`^${pattern}$`).test(name);
}
