import type { Json, JsonObject } from '../core/json.ts';
import type { LmExchange, LmResponse, TokenCount } from '../core/lm-exchange.ts';

/** Characters a token, as a rule of thumb for English text; used only where the endpoint reports nothing. */
const CHARACTERS_PER_TOKEN = 4;

/** The tokens that an answer reports: `usage` of the body, or of the last event that has one. */
export function reportedTokens(response: LmResponse): TokenCount | null {
  if (response.events === undefined) return usageOf(response.body);
  for (let index = response.events.length - 1; index >= 0; index--) {
    const event = parseEvent(response.events[index] as string);
    const tokens = event && usageOf(event);
    if (tokens) return tokens;
  }
  return null;
}

/** Reads the `usage` member of an answer in OpenAI's form; null where it is absent or not a count. */
export function usageOf(body: Json): TokenCount | null {
  const usage = isObject(body) ? body['usage'] : undefined;
  if (!isObject(usage)) return null;
  const input = usage['prompt_tokens'];
  // an embedding has no output tokens
  const output = usage['completion_tokens'] ?? 0;
  return isCount(input) && isCount(output) ? { input, output } : null;
}

/**
 * Tokens of an exchange by a rule of thumb: characters / {@link CHARACTERS_PER_TOKEN}, rounded up, of every
 * string under `messages`, `prompt` or `input`, and of every string that the answer generated. English text has
 * 3 to 5 characters a token; other scripts can have less than one, so this is never a bound to enforce.
 */
export function estimatedTokens(exchange: Pick<LmExchange, 'request' | 'response'>): TokenCount {
  const { request, response } = exchange;
  const asked = ['messages', 'prompt', 'input'].map((name) => characters(request[name] ?? null));
  const answers = response.events?.map(parseEvent) ?? [response.body];
  const generated = answers.map((answer) => (isObject(answer ?? null) ? generatedCharacters(answer) : 0));
  const toTokens = (counts: number[]) => Math.ceil(counts.reduce((a, b) => a + b, 0) / CHARACTERS_PER_TOKEN);
  return { input: toTokens(asked), output: toTokens(generated) };
}

/** An event's payload as an object; null for `[DONE]` and for what is not JSON. */
export function parseEvent(payload: string): JsonObject | null {
  if (!payload.startsWith('{')) return null;
  try {
    return JSON.parse(payload) as JsonObject;
  } catch {
    return null;
  }
}

function generatedCharacters(answer: Json | undefined): number {
  const choices = isObject(answer) ? answer['choices'] : undefined;
  if (!Array.isArray(choices)) return 0;
  return choices.reduce<number>((sum, choice) => {
    if (!isObject(choice)) return sum;
    const parts = [choice['message'], choice['delta'], choice['text']];
    return parts.reduce<number>((length, part) => length + characters(part ?? null), sum);
  }, 0);
}

function characters(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + characters(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, item]) => sum + (name === 'role' ? 0 : characters(item)),
    0,
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
