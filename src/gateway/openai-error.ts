import type { ErrorCode } from '../core/error-codes.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { messageOf } from '../core/message-of.ts';

/** The body of a failed request as OpenAI writes it, so that every OpenAI client shows our message. */
export function openaiError(code: string, message: string, type = 'invalid_request_error'): JsonObject {
  return { error: { message: `${code}: ${message}`, type, param: null, code } };
}

/** An answer of the gateway's own. */
export interface ErrorAnswer {
  readonly status: 400 | 401 | 402 | 403 | 404 | 413 | 415 | 500 | 502 | 504;
  readonly body: JsonObject;
}

/** Thrown inside a route to answer with a status of our own. */
export class RequestRefused extends ConstitutionError {
  readonly status: ErrorAnswer['status'];

  constructor(
    status: ErrorAnswer['status'],
    message: string,
    { code = 'CX-GATEWAY-REQUEST', cause }: { code?: ErrorCode; cause?: unknown } = {},
  ) {
    super(code, message, { cause });
    this.status = status;
  }
}

/** What a client is told about something thrown while its request was handled. */
export function toErrorAnswer(thrown: unknown): ErrorAnswer {
  if (thrown instanceof RequestRefused) {
    return { status: thrown.status, body: openaiError(thrown.code, thrown.message) };
  }
  if (thrown instanceof ConstitutionError) {
    const hint = thrown.hint === undefined ? '' : `\n${thrown.hint}`;
    const status = thrown.code.startsWith('CX-BUDGET-') ? 402 : 400;
    return { status, body: openaiError(thrown.code, `${thrown.message}${hint}`) };
  }
  const message = messageOf(thrown);
  return { status: 500, body: openaiError('CX-INTERNAL', message, 'server_error') };
}
