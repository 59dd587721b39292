import { outOfRange, requireCount } from './require.ts';

/** A range with the confidence it was made for; JSON-safe. */
export interface Interval {
  readonly lower: number;
  /** null: no upper bound exists (a ratio whose denominator may be 0). */
  readonly upper: number | null;
  /** Two-sided confidence, e.g. 0.95; each bound alone holds with confidence (1 + level) / 2. */
  readonly level: number;
}

/** Sum in the order given. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  return total;
}

/** Arithmetic mean. Throws `CX-STATISTICS-INPUT` for an empty sample. */
export function mean(values: ArrayLike<number>): number {
  requireCount('sample size', values.length, 1);
  return sum(values) / values.length;
}

/** Unbiased variance (divisor n - 1), two-pass. Throws `CX-STATISTICS-INPUT` for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  requireCount('sample size', values.length, 2);
  const centre = mean(values);
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += ((values[index] as number) - centre) ** 2;
  return squares / (values.length - 1);
}

/**
 * Quantile of an ascending sample, definition 7 of Hyndman and Fan ("Sample quantiles in statistical
 * packages", 1996): linear between order statistics. `Infinity` may occur among the values.
 * Throws `CX-STATISTICS-INPUT` for an empty sample or a probability outside 0..1.
 */
export function quantile(ascending: ArrayLike<number>, probability: number): number {
  requireCount('sample size', ascending.length, 1);
  if (!(probability >= 0 && probability <= 1))
    throw outOfRange('probability', probability, 'a number in 0..1');
  const position = (ascending.length - 1) * probability;
  const below = Math.floor(position);
  const low = ascending[below] as number;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number;
  // Without this, Infinity - Infinity would make NaN of two equal infinite neighbours.
  return low === high ? low : low + (position - below) * (high - low);
}
