/**
 * How alike two sequences are: twice the length of their longest common subsequence by the sum of their lengths, from 0
 * (nothing in common) to 1 (the same); two empty ones are the same. The ratio is Dice's coefficient (1945), the
 * subsequence is found by dynamic programming (Wagner and Fischer 1974) in time of the product of the lengths.
 */
export function sequenceSimilarity(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1;
  let previous = new Uint32Array(b.length + 1);
  let current = new Uint32Array(b.length + 1);
  for (const item of a) {
    for (let column = 1; column <= b.length; column++) {
      current[column] =
        item === b[column - 1]
          ? (previous[column - 1] as number) + 1
          : Math.max(previous[column] as number, current[column - 1] as number);
    }
    [previous, current] = [current, previous];
  }
  return (2 * (previous[b.length] as number)) / (a.length + b.length);
}

/** The most that {@link sequenceSimilarity} can be by the lengths alone. */
export function similarityBound(a: readonly string[], b: readonly string[]): number {
  return a.length + b.length === 0 ? 1 : (2 * Math.min(a.length, b.length)) / (a.length + b.length);
}
