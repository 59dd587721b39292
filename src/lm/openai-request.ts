import { z } from 'zod';
import { ConstitutionError } from '../core/errors.ts';
import { hashJson, type Json, type JsonObject } from '../core/json.ts';
import type { ChatMessage, Constraint, Generation } from './generation.ts';

/** A request as HTTP needs it: what to generate, and how to send it. */
export interface CompletionRequest {
  readonly model: string;
  readonly generation: Generation;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Same request, same id (24 hexadecimal characters). */
  readonly id: string;
}

const DEFAULT_MAX_TOKENS = 90;
const MAX_SAMPLES = 32;

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(textPart)]).nullish(),
});

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.object({ schema: z.record(z.string(), z.json()) }),
  }),
]);

/** Parameters of both endpoints. The `off` ones are understood only where they ask for nothing. */
const off = z.union([
  z.literal(0),
  z.literal(false),
  z.null(),
  z.array(z.never()),
  z.literal('none'),
  z.literal('auto'),
]);
const common = {
  model: z.string().min(1).optional(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.int().min(0).max(1000).nullish(),
  max_tokens: z.int().min(1).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
  n: z.int().min(1).max(MAX_SAMPLES).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  grammar: z.string().min(1).nullish(),
  /** As in llama.cpp's server: false forbids the reuse of an evaluated prefix. */
  cache_prompt: z.boolean().nullish(),
  user: z.string().nullish(),
  logprobs: off.optional(),
  presence_penalty: off.optional(),
  frequency_penalty: off.optional(),
};

const chatRequest = z.strictObject({
  ...common,
  messages: z.array(message).min(1),
  max_completion_tokens: z.int().min(1).nullish(),
  response_format: responseFormat.nullish(),
  metadata: z.unknown().optional(),
  store: z.boolean().nullish(),
  tools: off.optional(),
  tool_choice: off.optional(),
  parallel_tool_calls: z.boolean().nullish(),
});

const textRequest = z.strictObject({ ...common, prompt: z.string().min(1), echo: off.optional() });

/**
 * Reads the body of `POST /v1/chat/completions`.
 *
 * @throws ConstitutionError `CX-LM-REQUEST` naming the parameter that is wrong or not supported.
 */
export function parseChatRequest(body: unknown): CompletionRequest {
  const request = parse(chatRequest, body);
  const messages = request.messages.map(({ role, content }): ChatMessage => {
    const text = typeof content === 'string' ? content : (content ?? []).map((part) => part.text).join('');
    return { role: role === 'developer' ? 'system' : role, content: text };
  });
  const constraint = constraintOf(request.grammar, request.response_format);
  return complete(request, { messages }, constraint, request.max_completion_tokens ?? request.max_tokens);
}

/** Reads the body of `POST /v1/completions`. Throws as `parseChatRequest` does. */
export function parseTextRequest(body: unknown): CompletionRequest {
  const request = parse(textRequest, body);
  return complete(request, { text: request.prompt }, constraintOf(request.grammar, null), request.max_tokens);
}

type Common = { [Key in keyof typeof common]?: z.infer<(typeof common)[Key]> | undefined };

function complete(
  request: Common,
  prompt: Generation['prompt'],
  constraint: Constraint | null,
  maxTokens: number | null | undefined,
): CompletionRequest {
  const sampling = {
    prompt,
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 0.95,
    topK: request.top_k ?? 40,
    maxTokens: maxTokens ?? DEFAULT_MAX_TOKENS,
    stop: typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []),
    constraint,
  };
  // The number of samples stays out of the hash, so that sample i is the same whatever n is.
  const identity = hashJson({ ...sampling, seed: request.seed ?? null } as unknown as Json);
  const seeds = Array.from({ length: request.n ?? 1 }, (_, sample) => seedOf(identity, sample));
  return {
    model: request.model ?? '',
    generation: { ...sampling, seeds, reusePrefix: request.cache_prompt ?? true },
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    id: identity.slice(0, 24),
  };
}

/** A 32-bit seed for one sample of one request. */
function seedOf(identity: string, sample: number): number {
  return Number.parseInt(hashJson([identity, sample]).slice(0, 8), 16);
}

function constraintOf(
  grammar: string | null | undefined,
  format: z.infer<typeof responseFormat> | null | undefined,
): Constraint | null {
  if (grammar != null) {
    if (format != null && format.type !== 'text') {
      throw invalid('grammar', '`grammar` and `response_format` exclude each other.');
    }
    return { kind: 'gbnf', grammar };
  }
  if (format?.type === 'json_object') return { kind: 'json-object' };
  if (format?.type === 'json_schema') {
    return { kind: 'json-schema', schema: format.json_schema.schema as JsonObject };
  }
  return null;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw invalid(issue.keys[0] ?? '', `Unrecognized request argument: ${issue.keys.join(', ')}.`);
  }
  const param = issue?.path.join('.') ?? '';
  throw invalid(
    param,
    `${param === '' ? 'The body' : `\`${param}\``} is not supported: ${issue?.message ?? ''}.`,
  );
}

function invalid(param: string, message: string): ConstitutionError {
  return new ConstitutionError('CX-LM-REQUEST', message, { details: { param } });
}
