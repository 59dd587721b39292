import { outOfRange, requireCount, requireProbability } from './require.ts';

/** Lanczos coefficients for g = 7, n = 9 (Godfrey's set), relative error below 1e-14. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Natural logarithm of the gamma function for x > 0 (Lanczos, "A precision approximation", 1964). */
export function logGamma(x: number): number {
  if (!(x > 0)) throw outOfRange('x', x, 'a number above 0');
  const shifted = x - 1;
  let series: number = LANCZOS[0];
  for (let term = 1; term < LANCZOS.length; term++) series += (LANCZOS[term] as number) / (shifted + term);
  const base = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

const TINY = 1e-300;

/** The continued fraction of the incomplete beta (DLMF 8.17.22) by Lentz's method as Thompson and Barnett amended it. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  // Converges in O(sqrt(max(a, b))) steps on the side of the mean that `incompleteBeta` takes.
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** Regularised incomplete beta function I_x(a, b), 0 <= x <= 1, a > 0, b > 0 (DLMF 8.17). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw outOfRange('x', x, 'a number in 0..1');
  if (x === 0 || x === 1) return x;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** P(X <= successes) for X binomial with `trials` fair coins (DLMF 8.17.5 at x = 1/2). */
export function fairCoinCdf(successes: number, trials: number): number {
  requireCount('trials', trials);
  requireCount('successes', successes);
  return successes >= trials ? 1 : incompleteBeta(0.5, trials - successes, successes + 1);
}

/** P(T <= t) of Student's distribution with `df` > 0 degrees of freedom (Abramowitz and Stegun 26.7.1). */
export function studentTCdf(t: number, df: number): number {
  if (!(df > 0)) throw outOfRange('df', df, 'a number above 0');
  // Two forms of the same: each is taken where it keeps the most digits: near 0, and in the tails.
  const square = t * t;
  const tail =
    square < 1
      ? 0.5 - 0.5 * incompleteBeta(square / (df + square), 0.5, df / 2)
      : 0.5 * incompleteBeta(df / (df + square), df / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** The t with P(T <= t) = probability, by Newton's method on the upper tail; relative error below 1e-9. */
export function studentTQuantile(probability: number, df: number): number {
  requireProbability('probability', probability);
  if (!(df > 0)) throw outOfRange('df', df, 'a number above 0');
  const upper = Math.min(probability, 1 - probability);
  const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  const magnitude = solveTail(
    upper,
    (t) => studentTCdf(-t, df),
    (t) => Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df)),
  );
  return probability < 0.5 ? -magnitude : magnitude;
}

/**
 * P(Z <= z) of the standard normal distribution: Marsaglia's series ("Evaluating the normal distribution",
 * 2004) near the centre, Laplace's continued fraction of the Mills ratio (DLMF 7.9.3) in the tails, so that
 * small tails keep their relative precision.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) throw outOfRange('z', z, 'a number');
  const density = normalDensity(z);
  if (Math.abs(z) > 3) {
    let fraction = 0;
    for (let term = 200; term >= 1; term--) fraction = term / (Math.abs(z) + fraction);
    const tail = density / (Math.abs(z) + fraction);
    return z > 0 ? 1 - tail : tail;
  }
  let term = z;
  let series = z;
  for (let odd = 3; Math.abs(term) > 1e-18; odd += 2) {
    term *= (z * z) / odd;
    series += term;
  }
  return 0.5 + density * series;
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** The z with P(Z <= z) = probability; relative error below 1e-10. */
export function normalQuantile(probability: number): number {
  requireProbability('probability', probability);
  const magnitude = solveTail(Math.min(probability, 1 - probability), (z) => normalCdf(-z), normalDensity);
  return probability < 0.5 ? -magnitude : magnitude;
}

/**
 * The x >= 0 at which an upper tail, 1/2 at 0, has fallen to `tail`. The tail of a unimodal symmetric distribution
 * is convex there, so that Newton's steps from 0 rise to the root without passing it.
 */
function solveTail(tail: number, tailAt: (x: number) => number, densityAt: (x: number) => number): number {
  let x = 0;
  for (let step = 0; step < 2_000; step++) {
    const next = x + (tailAt(x) - tail) / densityAt(x);
    // No rise beyond rounding: the root is reached.
    if (!(next > x * (1 + 1e-15))) break;
    x = next;
  }
  return x;
}
