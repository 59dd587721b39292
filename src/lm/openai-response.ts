import type { ErrorCode } from '../core/error-codes.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { FinishReason, GenerationResult } from './generation.ts';

/** Which of the two endpoints answers. */
export type Endpoint = 'chat' | 'text';

/** What every object of one answer says about itself. */
export interface AnswerIdentity {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** The model as `/v1/models` shows it. */
export interface ModelIdentity {
  readonly id: string;
  /** SHA-256 of the weights file, hexadecimal. */
  readonly sha256: string;
}

/** CPU time that the serving process spent on a request, in milliseconds with one decimal. */
export const CPU_HEADER = 'x-lm-cpu-ms';
/** Tokens of the prompt that were evaluated already. */
export const REUSED_HEADER = 'x-lm-reused-tokens';

const OBJECTS = { chat: 'chat.completion', text: 'text_completion' } as const;
const CHUNK_OBJECTS = { chat: 'chat.completion.chunk', text: 'text_completion' } as const;

/** The body of a plain answer. */
export function answerBody(
  endpoint: Endpoint,
  identity: AnswerIdentity,
  result: GenerationResult,
): JsonObject {
  const choices = result.samples.map(({ text, finishReason }, index) => ({
    index,
    ...(endpoint === 'chat' ? { message: { role: 'assistant', content: text } } : { text }),
    logprobs: null,
    finish_reason: finishReason,
  }));
  return { ...identity, object: OBJECTS[endpoint], choices, usage: usage(result) };
}

/** One event of a streamed answer: new text of a choice, or its end. */
export function chunkBody(
  endpoint: Endpoint,
  identity: AnswerIdentity,
  choice: { index: number; text?: string; role?: 'assistant'; finishReason?: FinishReason },
): JsonObject {
  const { index, text, role, finishReason } = choice;
  const delta: JsonObject = {
    ...(role === undefined ? {} : { role }),
    ...(text === undefined ? {} : { content: text }),
  };
  const content = endpoint === 'chat' ? { delta } : { text: text ?? '' };
  const one = { index, ...content, logprobs: null, finish_reason: finishReason ?? null };
  return { ...identity, object: CHUNK_OBJECTS[endpoint], choices: [one] };
}

/** The last event where `stream_options.include_usage` asks for it: no choice, only the count. */
export function usageBody(
  endpoint: Endpoint,
  identity: AnswerIdentity,
  result: GenerationResult,
): JsonObject {
  return { ...identity, object: CHUNK_OBJECTS[endpoint], choices: [], usage: usage(result) };
}

function usage({ inputTokens, outputTokens }: GenerationResult): JsonObject {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

const STATUS: Partial<Record<ErrorCode, 400 | 429 | 503>> = {
  'CX-LM-REQUEST': 400,
  'CX-LM-BUSY': 429,
  'CX-LM-DIED': 503,
  'CX-LM-START': 503,
};

/** Status and body for anything thrown, in OpenAI's form. Only our own errors show their text. */
export function errorBody(error: unknown): { status: 400 | 429 | 500 | 503; body: JsonObject } {
  const known = error instanceof ConstitutionError ? error : null;
  const status = (known && STATUS[known.code]) ?? 500;
  const message = known?.message ?? 'The server failed.';
  const code: Json = known?.details['reason'] ?? known?.code ?? 'CX-INTERNAL';
  const type =
    status === 400 ? 'invalid_request_error' : status === 429 ? 'rate_limit_error' : 'server_error';
  const text = known?.hint === undefined ? message : `${message} ${known.hint}`;
  return { status, body: { error: { message: text, type, param: known?.details['param'] ?? null, code } } };
}
