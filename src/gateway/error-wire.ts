import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts';
import { ConstitutionError, type Place } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';

/** An error as the control interface sends it. */
export function errorToWire(error: ConstitutionError): JsonObject {
  const { code, message, hint, place, details } = error;
  return { error: { code, message, hint: hint ?? null, place: place ? { ...place } : null, details } };
}

/** The error that {@link errorToWire} wrote, or undefined where the value is something else. */
export function errorFromWire(value: Json | undefined): ConstitutionError | undefined {
  const error = isObject(value) ? value['error'] : undefined;
  if (!isObject(error)) return undefined;
  const { code, message, hint, place, details } = error;
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code) || typeof message !== 'string')
    return undefined;
  return new ConstitutionError(code as ErrorCode, message, {
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(isPlace(place) ? { place } : {}),
    ...(isObject(details) ? { details } : {}),
  });
}

function isPlace(value: unknown): value is Place {
  return isObject(value as Json) && typeof (value as JsonObject)['file'] === 'string';
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
