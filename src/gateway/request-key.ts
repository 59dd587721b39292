import type { JsonObject } from '../core/json.ts';

/**
 * Parameters that name or bill the caller and do not shape the answer. They are left out of keys and of
 * recordings: they differ between people and machines, and some are personal data.
 */
const NOT_SHAPING = new Set(['user', 'safety_identifier', 'prompt_cache_key', 'metadata', 'store']);

/**
 * The part of a request that shapes its answer: what is hashed into the key, and what is recorded.
 *
 * Beside {@link NOT_SHAPING} it omits what means the same as being absent: null members, `stream: false`, and
 * `stream_options` of a request that does not stream. `stream: true` stays, because a streamed answer has
 * another form. Parameters unknown to us stay too: the endpoint may know them.
 */
export function shapingRequest(request: JsonObject): JsonObject {
  const streams = request['stream'] === true;
  // fromEntries defines own members, so that a member named `__proto__` stays plain data
  return Object.fromEntries(
    Object.entries(request).filter(([name, value]) => {
      if (value === null || NOT_SHAPING.has(name)) return false;
      if (name === 'stream') return streams;
      return name !== 'stream_options' || streams;
    }),
  );
}
