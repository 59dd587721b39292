import { ConstitutionError } from '../errors.ts';

/** The error of a statistic that was asked of values it is not defined for. */
export function outOfRange(name: string, value: unknown, expected: string): ConstitutionError {
  return new ConstitutionError('CX-STATISTICS-INPUT', `${name} is ${String(value)}`, {
    hint: `Expected ${expected}.`,
    details: { name, expected },
  });
}

/** Throws `CX-STATISTICS-INPUT` unless `value` is strictly between 0 and 1. */
export function requireProbability(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw outOfRange(name, value, 'a number strictly between 0 and 1');
}

/** Throws `CX-STATISTICS-INPUT` unless `value` is an integer of at least `least`. */
export function requireCount(name: string, value: number, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw outOfRange(name, value, `a whole number of at least ${least}`);
  }
}

/** Throws `CX-STATISTICS-INPUT` unless every value is finite and within `[lowest, highest]`. */
export function requireValues(
  name: string,
  values: ArrayLike<number>,
  lowest: number,
  highest: number,
): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!(Number.isFinite(value) && value >= lowest && value <= highest)) {
      throw outOfRange(`${name}[${index}]`, value, `a finite number in ${lowest}..${highest}`);
    }
  }
}

/** Throws `CX-STATISTICS-INPUT` unless both have the same length. */
export function requirePaired(x: ArrayLike<unknown>, y: ArrayLike<unknown>): void {
  if (x.length !== y.length)
    throw outOfRange('length of the second sample', y.length, `${x.length}, as the first`);
}
