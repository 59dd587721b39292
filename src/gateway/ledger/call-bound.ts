import type { Json, JsonObject } from '../../core/json.ts';
import type { TokenCount } from '../../core/lm-exchange.ts';

/** What a chat template puts around a message, and around all of them: more than any in use. */
const TOKENS_AROUND = 16;
/** Members of a request that an endpoint turns into its prompt. */
const PROMPT_MEMBERS = ['messages', 'prompt', 'suffix', 'input', 'tools', 'functions', 'response_format'];
/** Names of the limit: an endpoint may know only one of them. A limit of 0 is none to some. */
const LIMIT_MEMBERS = ['max_completion_tokens', 'max_tokens'];
/** What multiplies the output: samples that are returned, or drawn to return the best of them. */
const SAMPLE_MEMBERS = ['n', 'best_of'];

/**
 * The most tokens that a call can come to. A token of a byte-level or byte-fallback tokenizer stands for a byte at
 * least, so the prompt has no more tokens than bytes in UTF-8. Images and audio by address are not bounded by this.
 *
 * @param withoutLimit output tokens of a request that names no limit
 */
export function callBound(path: string, request: JsonObject, withoutLimit: number): TokenCount {
  const asked = PROMPT_MEMBERS.map((name) => request[name] ?? null);
  const texts = asked.reduce<number>((total, value) => total + bytes(value), 0);
  const messages = request['messages'];
  const around = TOKENS_AROUND * (1 + (Array.isArray(messages) ? messages.length : 0));
  if (path.endsWith('/embeddings')) return { input: texts + around, output: 0 };
  const limits = LIMIT_MEMBERS.map((name) => count(request[name]) ?? 0);
  const limit = Math.max(...limits) || withoutLimit;
  const samples = Math.max(1, ...SAMPLE_MEMBERS.map((name) => count(request[name]) ?? 1));
  // Several prompts in one request are answered each.
  const prompts = Array.isArray(request['prompt']) ? Math.max(1, request['prompt'].length) : 1;
  return { input: texts + around, output: limit * samples * prompts };
}

function bytes(value: Json): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  // Prompts may be given as tokens already.
  if (typeof value === 'number' || typeof value === 'boolean') return 1;
  if (Array.isArray(value)) return value.reduce<number>((total, item) => total + bytes(item), 0);
  if (value === null) return 0;
  // What has a structure is written out with its keys: twice covers quotes and indentation.
  return Object.entries(value).reduce(
    (total, [name, item]) => total + 2 * Buffer.byteLength(name) + bytes(item),
    0,
  );
}

function count(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
