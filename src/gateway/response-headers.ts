/**
 * The only headers that are recorded and passed on. The others describe a connection (length, encoding), one
 * moment (date, rate limits), a caller (request and organisation ids) or carry secrets (cookies).
 */
export const KEPT_HEADERS: readonly string[] = [
  'content-type',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
];

/** The allow-listed headers of an endpoint's answer. */
export function keptHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/**
 * The headers of a replayed answer. Unless it is paced as recorded, a client that is told to wait before it
 * retries need not: the wait belongs to the endpoint of that day.
 */
export function replayHeaders(
  recorded: Readonly<Record<string, string>>,
  pace: 'none' | 'recorded',
): Record<string, string> {
  if (pace === 'recorded' || !('retry-after' in recorded || 'retry-after-ms' in recorded))
    return { ...recorded };
  return { ...recorded, 'retry-after': '0', 'retry-after-ms': '1' };
}
