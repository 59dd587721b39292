import type { ErrorCode } from '../core/error-codes.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Generation, GenerationResult } from './generation.ts';

/** What the front tells a worker process over the IPC channel of `child_process.fork`. */
export type ToWorker =
  | { readonly type: 'generate'; readonly id: number; readonly generation: Generation }
  | { readonly type: 'cancel'; readonly id: number };

/** What a worker tells the front. `ready` or `failed` comes first. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'text'; readonly id: number; readonly sample: number; readonly text: string }
  | { readonly type: 'done'; readonly id: number; readonly result: GenerationResult }
  | { readonly type: 'error'; readonly id: number; readonly error: PlainError };

/** An error as it crosses the process line. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: JsonObject;
}

/** Anything thrown, ready to be sent; the messages of causes are appended. */
export function toPlainError(error: unknown): PlainError {
  const known = error instanceof ConstitutionError;
  return {
    code: known ? error.code : 'CX-INTERNAL',
    message: messagesOf(error),
    hint: (known ? error.hint : undefined) ?? null,
    details: known ? error.details : {},
  };
}

export function fromPlainError({ code, message, hint, details }: PlainError): ConstitutionError {
  return new ConstitutionError(code, message, { ...(hint === null ? {} : { hint }), details });
}

/** The message with those of its causes: `The file is damaged: unexpected end.` */
function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  return `${error.message.replace(/\.$/, '')}: ${messagesOf(error.cause)}`;
}
