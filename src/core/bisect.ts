/** What one version does: as it should, not so, or it cannot be tried. */
export type Trial = 'good' | 'bad' | 'skip';

/** Where versions stop doing as they should. */
export interface Bisection {
  readonly lastGood: string;
  readonly firstBad: string;
  /** Versions between the two that could not be tried: the change may have come with one of them. */
  readonly untried: readonly string[];
}

/** An end of the range does not do what it was said to do. */
export class EndsDisagree extends Error {
  readonly version: string;
  readonly trial: Trial;

  constructor(version: string, trial: Trial) {
    super(`${version} is ${trial}`);
    this.version = version;
    this.trial = trial;
  }
}

/**
 * Finds the version that changed an outcome by halving: both ends are tried, then about log2 of those between them. A version
 * that cannot be tried gives its turn to its nearest neighbour, as `git bisect skip` does.
 *
 * @param versions In order, from one that is good to one that is bad; two at least.
 * @throws EndsDisagree, RangeError for fewer than two versions, and what `trial` throws.
 */
export async function bisect(
  versions: readonly string[],
  trial: (version: string) => Promise<Trial>,
): Promise<Bisection> {
  const [first, last] = [versions[0], versions.at(-1)];
  if (versions.length < 2 || first === undefined || last === undefined) {
    throw new RangeError('a bisection needs two versions at least');
  }
  for (const [end, expected] of [[first, 'good'] as const, [last, 'bad'] as const]) {
    const found = await trial(end);
    if (found !== expected) throw new EndsDisagree(end, found);
  }
  let [good, bad] = [0, versions.length - 1];
  const skipped = new Set<number>();
  for (;;) {
    const between = range(good + 1, bad).filter((index) => !skipped.has(index));
    const middle = nearest(between, (good + bad) / 2);
    if (middle === undefined) break;
    const found = await trial(versions[middle] as string);
    if (found === 'good') good = middle;
    else if (found === 'bad') bad = middle;
    else skipped.add(middle);
  }
  return {
    lastGood: versions[good] as string,
    firstBad: versions[bad] as string,
    untried: range(good + 1, bad).map((index) => versions[index] as string),
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function nearest(indices: readonly number[], to: number): number | undefined {
  return [...indices].sort((a, b) => Math.abs(a - to) - Math.abs(b - to))[0];
}
