/** What one observation weighs in at: the values of the unknowns' factors, and what was measured. */
export interface Observation {
  readonly factors: readonly number[];
  readonly measured: number;
}

/**
 * The coefficients, none below zero, that minimise the sum of squared *relative* errors: without the weighting a
 * few long requests would decide everything. Coefficients that would be negative are set to zero, the most
 * negative first, and the rest is fitted again.
 *
 * @returns null where the observations do not determine the coefficients.
 */
export function fitNonNegative(observations: readonly Observation[]): number[] | null {
  const count = observations[0]?.factors.length ?? 0;
  let free = Array.from({ length: count }, (_, index) => index);
  for (;;) {
    const solved = solve(normalEquations(observations, free));
    if (solved === null) return null;
    const least = Math.min(...solved);
    if (least >= 0) {
      const coefficients = new Array<number>(count).fill(0);
      for (const [at, index] of free.entries()) coefficients[index] = solved[at] as number;
      return coefficients;
    }
    free = free.filter((_, at) => solved[at] !== least);
    if (free.length === 0) return null;
  }
}

/** Rows of the augmented matrix `XᵀWX | XᵀWy`, with weights 1 / measured². */
function normalEquations(observations: readonly Observation[], free: readonly number[]): number[][] {
  return free.map((row) => [
    ...free.map((column) => sum(observations, row, ({ factors }) => factors[column] ?? 0)),
    sum(observations, row, ({ measured }) => measured),
  ]);
}

function sum(observations: readonly Observation[], row: number, value: (one: Observation) => number): number {
  return observations.reduce(
    (total, one) => total + ((one.factors[row] ?? 0) * value(one)) / (one.measured * one.measured),
    0,
  );
}

/** Gauss elimination with partial pivoting. */
function solve(matrix: number[][]): number[] | null {
  const size = matrix.length;
  const at = (row: number, column: number) => matrix[row]?.[column] ?? 0;
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row++) {
      if (Math.abs(at(row, pivot)) > Math.abs(at(best, pivot))) best = row;
    }
    if (Math.abs(at(best, pivot)) < 1e-12) return null;
    [matrix[pivot], matrix[best]] = [matrix[best] as number[], matrix[pivot] as number[]];
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = at(row, pivot) / at(pivot, pivot);
      matrix[row] = (matrix[row] as number[]).map((value, column) => value - factor * at(pivot, column));
    }
  }
  return matrix.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}
