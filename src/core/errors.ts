import type { ErrorCode } from './error-codes.ts';
import type { JsonObject } from './json.ts';

/** Where an error was found: a file as the user knows it (relative to the root), 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What an error carries beside its code and message. */
export interface ErrorContext {
  readonly place?: Place;
  /** One sentence that says what to do about it. */
  readonly hint?: string;
  /** Facts for machines: JSON-safe, no secrets. */
  readonly details?: JsonObject;
  readonly cause?: unknown;
}

/**
 * The one error class that reaches a user. Everything that is wrong with configuration, input or
 * infrastructure ends as one of these, and as exit code 3 in the command line.
 */
export class ConstitutionError extends Error {
  override readonly name = 'ConstitutionError';
  readonly code: ErrorCode;
  readonly place: Place | undefined;
  readonly hint: string | undefined;
  readonly details: JsonObject;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.place = context.place;
    this.hint = context.hint;
    this.details = context.details ?? {};
  }
}

/** `file:line:column`, as far as it is known. */
export function formatPlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}
