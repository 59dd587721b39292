import { requireValues } from './require.ts';

/**
 * Adjusted p values of the step-down procedure of Holm ("A simple sequentially rejective multiple test
 * procedure", 1979), in the order given: rejecting where adjusted <= alpha keeps the chance of any false
 * rejection at alpha. Throws `CX-STATISTICS-INPUT` for a p value outside 0..1.
 */
export function holm(pValues: readonly number[]): number[] {
  requireValues('pValues', pValues, 0, 1);
  const ascending = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length);
  let running = 0;
  ascending.forEach(({ p, index }, rank) => {
    running = Math.max(running, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = running;
  });
  return adjusted;
}
