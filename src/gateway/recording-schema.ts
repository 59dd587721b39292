import { z } from 'zod';
import type { Json, JsonObject } from '../core/json.ts';
import type { Recording } from '../core/lm-exchange.ts';
import { KEPT_HEADERS } from './response-headers.ts';

// what was parsed from JSON is JSON: there is nothing to walk
const json = z.custom<Json>((value) => value !== undefined);
const jsonObject = z.custom<JsonObject>(
  (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
  'expected an object',
);
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal');
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
/** Visible characters, blanks and tabs: what a header may hold without starting another one. */
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'not a header value');

const headers = z
  .record(z.string(), headerValue)
  .refine((value) => Object.keys(value).every((name) => KEPT_HEADERS.includes(name)), {
    message: `headers other than ${KEPT_HEADERS.join(', ')} are not recorded`,
  });

const response = z.strictObject({
  status: z.int().min(200).max(599),
  headers,
  body: json,
  text: z.string().exactOptional(),
  events: z.array(z.string()).exactOptional(),
});

const exchange = z.strictObject({
  key: hash,
  ordinal: count,
  path: z.enum(['/v1/chat/completions', '/v1/completions', '/v1/embeddings']),
  request: jsonObject,
  response,
  failure: z.enum(['reset', 'timeout', 'aborted']).exactOptional(),
  tokens: z.strictObject({ input: count, output: count }).nullable(),
  startMs: milliseconds,
  latencyMs: milliseconds,
});

/** A recording as it is on disk. */
export const recordingSchema: z.ZodType<Recording> = z.strictObject({
  format: z.literal(1),
  run: z.string().min(1),
  repeat: count,
  recordedAt: z.iso.datetime(),
  model: z.strictObject({ id: z.string().min(1), sha256: hash.nullable() }),
  environment: z.strictObject({ name: z.string(), dspy: z.string(), python: z.string() }),
  exchanges: z.array(exchange),
  integrity: z.string(),
});
