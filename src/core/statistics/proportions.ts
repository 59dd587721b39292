import { fairCoinCdf, normalQuantile } from './distributions.ts';
import { outOfRange, requireCount, requireProbability } from './require.ts';
import type { Interval } from './summary.ts';

/** A paired two-by-two table of single runs: how many bugs each combination of results has. */
export interface PairedTable {
  readonly both: number;
  readonly onlyBaseline: number;
  readonly onlyCandidate: number;
  readonly neither: number;
}

/**
 * Score interval of a proportion (Wilson, "Probable inference", 1927), without continuity correction.
 * `trials` >= 1; throws `CX-STATISTICS-INPUT` outside its ranges.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  level = 0.95,
): Interval & { upper: number } {
  requireCount('trials', trials, 1);
  requireCount('successes', successes);
  if (successes > trials) throw outOfRange('successes', successes, `at most ${trials}, the number of trials`);
  requireProbability('level', level);
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  const rate = successes / trials;
  const centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    Math.sqrt(z2 * ((rate * (1 - rate)) / trials + z2 / (4 * trials * trials))) / (1 + z2 / trials);
  return {
    lower: successes === 0 ? 0 : centre - half,
    upper: successes === trials ? 1 : centre + half,
    level,
  };
}

/**
 * Interval of the difference candidate - baseline of paired proportions: Newcombe, "Improved confidence
 * intervals for the difference between binomial proportions based on paired data", 1998, method 10 (square
 * and add Wilson limits, with the correlation phi corrected for continuity where it is positive).
 */
export function newcombePairedInterval(table: PairedTable, level = 0.95): Interval & { upper: number } {
  const { both, onlyBaseline, onlyCandidate, neither } = table;
  for (const [name, count] of Object.entries(table)) requireCount(name, count);
  const n = both + onlyBaseline + onlyCandidate + neither;
  requireCount('bugs', n, 1);
  const candidate = (both + onlyCandidate) / n;
  const baseline = (both + onlyBaseline) / n;
  const c = wilsonInterval(both + onlyCandidate, n, level);
  const b = wilsonInterval(both + onlyBaseline, n, level);
  const phi = pairedCorrelation(table, n);
  const difference = candidate - baseline;
  const below = squareAndAdd(candidate - c.lower, b.upper - baseline, phi);
  const above = squareAndAdd(c.upper - candidate, baseline - b.lower, phi);
  return { lower: difference - below, upper: difference + above, level };
}

function squareAndAdd(x: number, y: number, phi: number): number {
  return Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
}

function pairedCorrelation({ both, onlyBaseline, onlyCandidate, neither }: PairedTable, n: number): number {
  const margins =
    (both + onlyBaseline) * (onlyCandidate + neither) * (both + onlyCandidate) * (onlyBaseline + neither);
  if (margins === 0) return 0;
  const product = both * neither - onlyBaseline * onlyCandidate;
  const corrected = product > 0 ? Math.max(product - n / 2, 0) : product;
  return corrected / Math.sqrt(margins);
}

/**
 * Exact test of McNemar (1947) on the discordant pairs. `twoSided` doubles the smaller tail (at most 1);
 * `oneSided` is the chance of at least so many wins of the candidate when neither is better.
 */
export function mcNemarExact(table: PairedTable): { readonly oneSided: number; readonly twoSided: number } {
  const { onlyBaseline, onlyCandidate } = table;
  const discordant = onlyBaseline + onlyCandidate;
  return {
    oneSided: fairCoinCdf(onlyBaseline, discordant),
    twoSided: Math.min(1, 2 * fairCoinCdf(Math.min(onlyBaseline, onlyCandidate), discordant)),
  };
}
