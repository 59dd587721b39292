/** A list of globs, taken apart. */
export interface SplitGlobs {
  readonly positive: readonly string[];
  /** Without their "!"; what is in a folder that one of them names is taken away as well. */
  readonly negative: readonly string[];
}

/** Takes a list apart as fast-glob does: one that begins with "!" takes away from what the others choose; `!(a|b)` does not. */
export function splitGlobs(globs: readonly string[]): SplitGlobs {
  const negative = globs.filter(isNegative).map((glob) => glob.slice(1));
  return {
    positive: globs.filter((glob) => !isNegative(glob)),
    negative: negative.flatMap((glob) => [glob, `${glob}/**`]),
  };
}

function isNegative(glob: string): boolean {
  return glob.startsWith('!') && !glob.startsWith('!(');
}
