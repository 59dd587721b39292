/** A half-open range of numbers: `from` is in it, `to` is not. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export class EmptyIntervalError extends RangeError {
  override readonly name = 'EmptyIntervalError';
}

export function interval(from: number, to: number): Interval {
  if (!(from < to)) throw new EmptyIntervalError(`nothing lies between ${from} and ${to}`);
  return { from, to };
}

export function contains({ from, to }: Interval, value: number): boolean {
  return from <= value && value < to;
}

/** The fewest intervals that cover the same numbers, in order. */
export function merge(intervals: readonly Interval[]): Interval[] {
  const merged: { from: number; to: number }[] = [];
  for (const next of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || last.to < next.from) merged.push({ ...next });
    else last.to = Math.max(last.to, next.to);
  }
  return merged;
}
