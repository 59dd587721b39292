import { ConstitutionError } from './errors.ts';
import { didYouMean } from './nearest.ts';

/**
 * A thing that a person named.
 *
 * @param kind Word for what it is, in the message.
 * @param known All names there are.
 * @throws ConstitutionError CX-CONFIG-REFERENCE with the nearest name where it does not exist.
 */
export function found<T>(value: T | undefined, kind: string, name: string, known: readonly string[]): T {
  if (value !== undefined) return value;
  throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no ${kind} "${name}"`, {
    hint: didYouMean(name, known),
  });
}
