import { studentTCdf, studentTQuantile } from './distributions.ts';
import { requireCount, requireProbability } from './require.ts';
import { sum } from './summary.ts';

/** A mean with bounds that each hold with confidence 1 - alpha. */
export interface MeanBounds {
  /** The plain sample mean, without pseudo-bugs. */
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  /** Chance of so high a mean, or a higher one, where the true mean is 0. */
  readonly pAbove: number;
}

/**
 * One-sided Student bounds of a mean after adding one observation of +1 and one of -1.
 *
 * The two pseudo-bugs are what Bonett and Price ("Adjusted Wald confidence interval for a difference of binomial
 * proportions based on paired data", 2012) add to a paired table: one to each of its two discordant cells. The reason
 * is the same: with few bugs, or with all bugs alike, the sample variance is too small and a plain t interval is
 * falsely certain (of width 0 when all are alike). Theirs is for single runs; here, where means of repeats take values
 * between, the variance is that of a sample (divisor n - 1) and the quantile Student's.
 * Values are expected to be of the order of 1. Needs at least one value and 0 < alpha < 1/2.
 */
export function pseudoBugBounds(values: ArrayLike<number>, alpha: number): MeanBounds {
  requireCount('sample size', values.length, 1);
  requireProbability('2 * alpha', 2 * alpha);
  const size = values.length + 2;
  const total = sum(values);
  const centre = total / size;
  let squares = (1 - centre) ** 2 + (-1 - centre) ** 2;
  for (let index = 0; index < values.length; index++) squares += ((values[index] as number) - centre) ** 2;
  const standardError = Math.sqrt(squares / (size - 1) / size);
  const half = studentTQuantile(1 - alpha, size - 1) * standardError;
  return {
    mean: total / values.length,
    lower: centre - half,
    upper: centre + half,
    pAbove: studentTCdf(-centre / standardError, size - 1),
  };
}
