import { setTimeout as delay } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { FaultKind } from '../core/fault.ts';
import type { Call } from './open-run.ts';
import { openaiError } from './openai-error.ts';

/** How long a connection is held that is to end without an answer. */
const HOLD_MS = 100;

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-fault',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'def' }, finish_reason: 'stop' }],
});
const JSON_HEADERS = { 'content-type': 'application/json' };

/** Answers a call with a fault instead of what the endpoint or the recording says. It is not recorded. */
export async function injectFault(
  c: Context<{ Bindings: HttpBindings }>,
  call: Call,
  kind: FaultKind,
): Promise<Response> {
  const { outgoing } = c.env;
  switch (kind) {
    case 'rate-limit':
    case 'server-error': {
      const status = kind === 'rate-limit' ? 429 : 500;
      call.end({ exchange: null, status });
      const body = openaiError('fault', `an injected fault: ${kind}`, kind.replace('-', '_'));
      return new Response(JSON.stringify(body), { status, headers: JSON_HEADERS });
    }
    case 'malformed':
      call.end({ exchange: null, status: 200 });
      return new Response(COMPLETION.slice(0, COMPLETION.length / 2), { status: 200, headers: JSON_HEADERS });
    case 'truncated':
      call.end({ exchange: null, status: 200 });
      outgoing.writeHead(200, { ...JSON_HEADERS, 'content-length': COMPLETION.length });
      outgoing.write(COMPLETION.slice(0, COMPLETION.length / 2));
      break;
    case 'timeout':
      await delay(HOLD_MS);
      call.end({ exchange: null, status: 504 });
      break;
  }
  outgoing.socket?.destroySoon();
  return RESPONSE_ALREADY_SENT;
}
