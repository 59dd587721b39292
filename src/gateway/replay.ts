import { setTimeout as delay } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { canonicalJson } from '../core/json.ts';
import type { LmExchange } from '../core/lm-exchange.ts';
import type { Call } from './open-run.ts';
import { replayHeaders } from './response-headers.ts';
import { sseEvent } from './sse.ts';

/** `none` answers at once; `recorded` takes as long as the endpoint did. */
export type Pace = 'none' | 'recorded';

/** Statuses that HTTP gives no body. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** Answers with a recorded exchange, a broken one as it broke. */
export async function replay(
  c: Context<{ Bindings: HttpBindings }>,
  call: Call,
  exchange: LmExchange,
  pace: Pace,
): Promise<Response> {
  const { response, failure } = exchange;
  if (pace === 'recorded') await delay(exchange.latencyMs);
  call.end({ exchange, replayed: true });

  const headers = replayHeaders(response.headers, pace);
  const text = response.events?.map(sseEvent).join('') ?? response.text ?? canonicalJson(response.body);
  if (failure === undefined || (failure !== 'aborted' && response.events === undefined)) {
    return new Response(WITHOUT_BODY.has(response.status) ? null : text, {
      status: response.status,
      headers,
    });
  }
  // the answer broke off: so does this one, after what had come of it
  const { outgoing } = c.env;
  if (response.events !== undefined) outgoing.writeHead(response.status, headers).write(text);
  outgoing.socket?.destroySoon();
  return RESPONSE_ALREADY_SENT;
}
