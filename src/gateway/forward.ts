import type { ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import type { ExchangeFailure, LmResponse, TokenCount } from '../core/lm-exchange.ts';
import type { Call, OpenRun } from './open-run.ts';
import { openaiError } from './openai-error.ts';
import type { Redactor } from './redact.ts';
import type { RequestBody } from './request-body.ts';
import { sseEvent } from './sse.ts';
import { type StreamedAnswer, type Upstream, UpstreamFailure } from './upstream.ts';
import { reportedTokens } from './usage.ts';

/** A request on its way to the endpoint. */
export interface ForwardedCall {
  readonly run: OpenRun;
  readonly call: Call;
  readonly key: string;
  readonly path: string;
  /** As it is recorded. */
  readonly request: JsonObject;
  /** As the client sent it. */
  readonly body: RequestBody;
}

/** How an answer that never began is told to the client; 499 is what servers log for a client that left. */
const FAILURE_STATUS = { reset: 502, unreachable: 502, timeout: 504, aborted: 499 } as const;

/** Asks the endpoint, passes its answer on as it comes, and keeps the exchange. */
export async function forward(
  c: Context<{ Bindings: HttpBindings }>,
  asked: ForwardedCall,
  upstream: Upstream,
  redactor: Redactor,
): Promise<Response> {
  const { run } = asked;
  const left = new AbortController();
  const { outgoing } = c.env;
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) left.abort();
  });
  try {
    const answer = await upstream.send(asked.path, asked.body, AbortSignal.any([run.signal, left.signal]));
    if (answer.kind === 'stream') return streamed(asked, answer, redactor, left, outgoing);
    const { response } = answer;
    keep(asked, redactor, response, reportedTokens(response));
    const text = response.text ?? canonicalJson(response.body);
    const hasBody = response.status !== 204 && response.status !== 304;
    return new Response(hasBody ? text : null, { status: response.status, headers: response.headers });
  } catch (cause) {
    if (!(cause instanceof UpstreamFailure)) {
      asked.call.end({ exchange: null, status: 500 });
      throw cause;
    }
    return failed(asked, cause, redactor);
  }
}

function failed(asked: ForwardedCall, cause: UpstreamFailure, redactor: Redactor): Response {
  const { run, call, path } = asked;
  const status = FAILURE_STATUS[cause.kind];
  const body = openaiError(cause.code, cause.message, 'server_error');
  if (cause.kind !== 'aborted') run.fail(path, call.startMs, cause);
  // an endpoint that is not there has not answered: nothing to replay
  if (cause.kind === 'unreachable') call.end({ exchange: null, status });
  else {
    const headers = { 'content-type': 'application/json' };
    const response =
      cause.kind === 'aborted' ? { status, headers: {}, body: null } : { status, headers, body };
    keep(asked, redactor, response, null, cause.kind);
  }
  return new Response(canonicalJson(body), { status, headers: { 'content-type': 'application/json' } });
}

function streamed(
  asked: ForwardedCall,
  answer: StreamedAnswer,
  redactor: Redactor,
  left: AbortController,
  outgoing: ServerResponse,
): Response {
  const { run, call, path } = asked;
  const { status, headers, payloads } = answer;
  const events: string[] = [];
  const finish = (failure?: ExchangeFailure) =>
    keep(asked, redactor, { status, headers, body: null, events }, answer.tokens(), failure);
  // a client that does not read on pulls nothing, and its run must end nevertheless
  const onClose = () => finish('aborted');
  run.signal.addEventListener('abort', onClose, { once: true });

  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await payloads.next();
        if (!next.done) {
          events.push(next.value);
          controller.enqueue(encoder.encode(sseEvent(next.value)));
          return;
        }
        finish();
        controller.close();
      } catch (cause) {
        const failure = cause as UpstreamFailure;
        if (failure.kind !== 'aborted') run.fail(path, call.startMs, failure);
        finish(failure.kind === 'unreachable' ? 'reset' : failure.kind);
        // the connection is cut after what was written: the client must not take this for the end of the answer
        outgoing.socket?.destroySoon();
      }
      run.signal.removeEventListener('abort', onClose);
    },
    cancel() {
      run.signal.removeEventListener('abort', onClose);
      finish('aborted');
      left.abort();
    },
  });
  return new Response(stream, { status, headers });
}

function keep(
  asked: ForwardedCall,
  redactor: Redactor,
  response: LmResponse,
  tokens: TokenCount | null,
  failure?: ExchangeFailure,
): void {
  const { key, path, request, call } = asked;
  const exchange = {
    key,
    path,
    request,
    response: redacted(response, redactor),
    tokens,
    startMs: toTenth(call.startMs),
    latencyMs: toTenth(call.elapsedMs()),
    ...(failure === undefined ? {} : { failure }),
  };
  call.end({ exchange, replayed: false });
}

function redacted(response: LmResponse, redactor: Redactor): LmResponse {
  return {
    status: response.status,
    headers: redactor.json({ ...response.headers }),
    body: redactor.json(response.body),
    ...(response.text === undefined ? {} : { text: redactor.text(response.text) }),
    ...(response.events === undefined ? {} : { events: redactor.events(response.events) }),
  };
}

/** Finer times are noise, and would make every recording a diff. */
function toTenth(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
