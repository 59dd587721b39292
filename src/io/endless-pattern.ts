import vm from 'node:vm';

/** Signs that are read in vain: with two ways to read each, a match would take a billion steps. */
const PUMPED = 30;
/** A match takes microseconds where the pattern is sound. */
const LIMIT_MS = 100;

/**
 * Whether a regular expression can be shown to hang on a short text, as `(a+)+$` does: one that repeats a group is tried on
 * texts that fail late. What it calls endless is; another text may still show one that it does not.
 */
export function isEndless(pattern: RegExp): boolean {
  const { source } = pattern;
  if (!/\)[*+{]/.test(source)) return false;
  const [, begins = ''] = /^\^?([\w >-]*)/.exec(source) ?? [];
  const signs = [...new Set([...(source.match(/[\w >.,:-]/g) ?? []), 'a', 'A', '0', ' '])];
  const context = vm.createContext({ pattern, text: '' });
  return signs.some((sign) =>
    // The last sign of what it begins with may be what is repeated.
    [begins, begins.slice(0, -1)].some((head) => {
      Object.assign(context, { text: `${head}${sign.repeat(PUMPED)}\u0000` });
      return !ends(context);
    }),
  );
}

function ends(context: vm.Context): boolean {
  try {
    vm.runInContext('pattern.test(text)', context, { timeout: LIMIT_MS });
    return true;
  } catch {
    return false;
  }
}
