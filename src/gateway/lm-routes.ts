import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { ConstitutionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { exchangeKey, type Miss, type RunIdentity } from '../core/lm-exchange.ts';
import type { GatewayMode } from '../core/pipeline-run.ts';
import type { CallBudget, CallIntent } from './budget.ts';
import { type ForwardedCall, forward } from './forward.ts';
import { injectFault } from './inject-fault.ts';
import type { Call, CallEnd, OpenRun } from './open-run.ts';
import { openaiError, RequestRefused, toErrorAnswer } from './openai-error.ts';
import type { Redactor } from './redact.ts';
import { refuseLeak } from './refuse-leak.ts';
import { type Pace, replay } from './replay.ts';
import { readRequestBody } from './request-body.ts';
import { shapingRequest } from './request-key.ts';
import type { Upstream } from './upstream.ts';
import { usageOfCall } from './usage-of-call.ts';

/** What answering a request needs to know. */
export interface LmRoutesContext {
  readonly mode: GatewayMode;
  readonly modelId: string;
  readonly pace: Pace;
  readonly maxBodyBytes: number;
  readonly redactor: Redactor;
  readonly budget: CallBudget;
  readonly upstream: Upstream | null;
  /** The open run that a token names. */
  runOf(token: string): OpenRun | undefined;
  onMiss(run: RunIdentity, miss: Miss): void;
}

/** A retry cannot help: OpenAI's clients obey the header (LiteLLM, as DSPy calls it, retries every status). */
const WITHOUT_RETRY = { 'x-should-retry': 'false' };

/** Of the worker's LM: which of several runs of one token a call belongs to. It is not passed on. */
const ROLLOUT_HEADER = 'x-constitution-rollout';

type Env = { Bindings: HttpBindings };

/** The OpenAI-compatible routes, to be mounted under `/v1`. */
export function lmRoutes(context: LmRoutesContext): Hono<Env> {
  const app = new Hono<Env>();
  for (const route of ['/chat/completions', '/completions', '/embeddings']) {
    app.post(route, (c) => answer(c, `/v1${route}`, context));
  }
  app.get('/models', (c) => {
    authorised(c, context);
    return c.json({ object: 'list', data: [{ id: context.modelId, object: 'model', owned_by: 'gateway' }] });
  });
  app.post('/metric-calls', async (c) => {
    const run = authorised(c, context);
    await context.budget.metricCall(run.identity, run.signal);
    return c.body(null, 204);
  });
  // mounted at `/v1`, so that the paths of others keep their own 404
  app.all('*', (c) => {
    const message = `the gateway has no ${c.req.method} ${c.req.path}`;
    return c.json(openaiError('CX-GATEWAY-REQUEST', message), 404);
  });
  app.onError((thrown, c) => {
    const { status, body } = toErrorAnswer(thrown);
    const isFinal = status === 402 || (thrown instanceof ConstitutionError && thrown.code === 'CX-BUG-LEAK');
    return c.json(body, status, isFinal ? WITHOUT_RETRY : {});
  });
  return app;
}

async function answer(c: Context<Env>, path: string, context: LmRoutesContext): Promise<Response> {
  const run = authorised(c, context);
  const body = await readRequestBody(c.env.incoming, context.maxBodyBytes);
  if (run.signal.aborted) throw unknownToken();
  const request = shapingRequest(context.redactor.json(body.json));
  const key = exchangeKey(path, request);

  const call = run.begin(request);
  if (call.fault !== null) return injectFault(c, call, call.fault);
  const rollout = c.req.header(ROLLOUT_HEADER);
  const intent = { run: run.identity, path, request, signal: run.signal, ...(rollout ? { rollout } : {}) };
  const settled = await reserved(call, run, intent, context);
  const exchange = run.tape?.take(key);
  if (exchange) return replay(c, settled, exchange, context.pace);
  if (context.upstream === null) {
    settled.end({ exchange: null, status: 400 });
    return missed(c, run, run.miss(key, path, request), context);
  }
  withoutLeak(run, settled, path, request);
  const forwarded: ForwardedCall = { run, call: settled, key, path, request, body };
  return forward(c, forwarded, context.upstream, context.redactor);
}

function authorised(c: Context<Env>, context: LmRoutesContext): OpenRun {
  const [, token] = /^Bearer (\S+)$/i.exec(c.env.incoming.headers.authorization ?? '') ?? [];
  const run = token === undefined ? undefined : context.runOf(token);
  if (run === undefined) throw unknownToken();
  return run;
}

function unknownToken(): RequestRefused {
  return new RequestRefused(401, 'the request carries no token of an open run', { code: 'CX-GATEWAY-TOKEN' });
}

/** The call, with its budget settled by its end; a refused call ends at once. */
async function reserved(
  call: Call,
  run: OpenRun,
  intent: CallIntent,
  { budget }: LmRoutesContext,
): Promise<Call> {
  try {
    const reservation = await budget.reserve(intent);
    let open = true;
    const end = (how: CallEnd) => {
      const tokens = call.end(how);
      if (open) reservation.settle(usageOfCall(how, tokens));
      open = false;
      return tokens;
    };
    return { ...call, end };
  } catch (cause) {
    call.end({ exchange: null, status: toErrorAnswer(cause).status });
    if (cause instanceof ConstitutionError) run.fail(intent.path, call.startMs, cause);
    throw cause;
  }
}

/** @throws ConstitutionError CX-BUG-LEAK; the call has ended then, and the run knows of it. */
function withoutLeak(run: OpenRun, call: Call, path: string, request: JsonObject): void {
  try {
    refuseLeak(request, run.exchanges(), run.identity.secrets);
  } catch (cause) {
    call.end({ exchange: null, status: 400 });
    run.fail(path, call.startMs, cause as ConstitutionError);
    throw cause;
  }
}

function missed(c: Context<Env>, run: OpenRun, miss: Miss, context: LmRoutesContext): Response {
  context.onMiss(run.identity, miss);
  const message = miss.diff === null ? miss.message : `${miss.message}\n${miss.diff}`;
  return c.json(openaiError('CX-GATEWAY-MISS', message), 400, WITHOUT_RETRY);
}
