/**
 * The `data:` payloads of a server-sent event stream, one for each event. Comments and other fields are
 * skipped: the OpenAI protocol has none. Unlike the standard's, a last event without its blank line counts,
 * because endpoints exist that end a complete stream so.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* ssePayloads(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let data: string[] = [];
  for await (const line of lines(bytes)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
  if (data.length > 0) yield data.join('\n');
}

/** One event as it goes over the wire. */
export function sseEvent(payload: string): string {
  return `${payload
    .split('\n')
    .map((line) => `data: ${line}`)
    .join('\n')}\n\n`;
}

async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    // a CR at the end may be the first half of CR LF: it waits for the next chunk
    const complete = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const parts = complete.split(/\r\n|\n|\r/);
    rest = (parts.pop() ?? '') + rest.slice(complete.length);
    yield* parts;
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}
