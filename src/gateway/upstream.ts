import { ConstitutionError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { ExchangeFailure, LmResponse, TokenCount } from '../core/lm-exchange.ts';
import { messageOf } from '../core/message-of.ts';
import { type LimitSignal, limitSignal } from '../io/limit-signal.ts';
import { isTooDeep } from './json-depth.ts';
import type { RequestBody } from './request-body.ts';
import { keptHeaders } from './response-headers.ts';
import { ssePayloads } from './sse.ts';
import { parseEvent, usageOf } from './usage.ts';

/** The OpenAI-compatible endpoint that answers what is not replayed. */
export interface UpstreamOptions {
  /** With its version part, e.g. `http://127.0.0.1:8080/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Milliseconds until a call's answer must be complete; default and most: 300,000 (a limit of Node's fetch). */
  readonly timeoutMs?: number;
}

/** Answers beyond this are cut off as a broken endpoint's. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 300_000;

const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** Thrown where an endpoint gave no complete answer. `unreachable` means that it never got the request. */
export class UpstreamFailure extends ConstitutionError {
  readonly kind: ExchangeFailure | 'unreachable';

  constructor(kind: UpstreamFailure['kind'], message: string, cause?: unknown) {
    super('CX-GATEWAY-UPSTREAM', message, {
      hint: 'Check that the LM endpoint runs and that its address is right.',
      cause,
    });
    this.kind = kind;
  }
}

export interface PlainAnswer {
  readonly kind: 'plain';
  readonly response: LmResponse;
}

export interface StreamedAnswer {
  readonly kind: 'stream';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the client is to see, as it comes. Throws {@link UpstreamFailure}. */
  readonly payloads: AsyncGenerator<string, void>;
  /** What was reported up to now. */
  tokens(): TokenCount | null;
}

/** Sends requests to the endpoint, over connections that are kept alive. */
export class Upstream {
  readonly #options: UpstreamOptions;
  /** Where it is, without what an address may carry of secrets. */
  readonly #origin: string;
  #acceptsStreamOptions = true;

  /** @throws ConstitutionError CX-GATEWAY-UPSTREAM where the base URL is not one */
  constructor(options: UpstreamOptions) {
    this.#options = options;
    const url = URL.canParse(options.baseUrl) ? new URL(options.baseUrl) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new ConstitutionError(
        'CX-GATEWAY-UPSTREAM',
        'the address of the LM endpoint is not an http(s) URL',
        {
          hint: 'Give its base URL with the version part, e.g. http://127.0.0.1:8080/v1.',
        },
      );
    }
    this.#origin = url.origin;
  }

  /**
   * Forwards one request. Of the client's headers none is passed on.
   *
   * @param path e.g. `/v1/chat/completions`
   * @throws UpstreamFailure
   */
  async send(path: string, body: RequestBody, signal: AbortSignal): Promise<PlainAnswer | StreamedAnswer> {
    const limit = limitSignal(this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS, [signal]);
    const failure = (cause: unknown) => this.#failure(cause, signal, limit);
    const usageAdded = this.#acceptsStreamOptions && lacksUsage(body.json);
    try {
      const text = usageAdded ? withUsage(body.json) : body.text;
      const response = await this.#post(path, text, limit.signal);
      const head = { status: response.status, headers: keptHeaders(response.headers) };
      if (response.ok && /^text\/event-stream\b/i.test(head.headers['content-type'] ?? '')) {
        return streamed(head, bounded(response), usageAdded, { failure, ended: limit.clear });
      }
      const answer = await readText(response);
      limit.clear();
      if (usageAdded && response.status === 400 && answer.includes('stream_options')) {
        // an endpoint that does not know the option: it is asked as the client asked, and its tokens estimated
        this.#acceptsStreamOptions = false;
        return await this.send(path, body, signal);
      }
      return { kind: 'plain', response: { ...head, ...parsedBody(answer) } };
    } catch (cause) {
      limit.clear();
      throw failure(cause);
    }
  }

  #post(path: string, body: string, signal: AbortSignal): Promise<Response> {
    const { baseUrl, apiKey } = this.#options;
    return fetch(baseUrl.replace(/\/+$/, '') + path.replace(/^\/v1/, ''), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body,
      redirect: 'error',
      signal,
    });
  }

  #failure(cause: unknown, client: AbortSignal, limit: LimitSignal): UpstreamFailure {
    if (cause instanceof UpstreamFailure) return cause;
    const codes = errorCodes(cause);
    if (client.aborted)
      return new UpstreamFailure('aborted', 'the client did not wait for the answer', cause);
    if (limit.expired || codes.some((code) => TIMEOUT_CODES.has(code))) {
      return new UpstreamFailure('timeout', 'the LM endpoint did not answer in time', cause);
    }
    if (codes.some((code) => RESET_CODES.has(code))) {
      return new UpstreamFailure('reset', 'the LM endpoint closed the connection within a call', cause);
    }
    const why = codes[0] ?? messageOf(cause);
    return new UpstreamFailure(
      'unreachable',
      `the LM endpoint ${this.#origin} cannot be reached (${why})`,
      cause,
    );
  }
}

function streamed(
  head: Pick<StreamedAnswer, 'status' | 'headers'>,
  bytes: AsyncIterable<Uint8Array>,
  usageAdded: boolean,
  call: { readonly failure: (cause: unknown) => UpstreamFailure; readonly ended: () => void },
): StreamedAnswer {
  let tokens: TokenCount | null = null;
  async function* payloads() {
    try {
      for await (const payload of ssePayloads(bytes)) {
        const event = parseEvent(payload);
        tokens = (event && usageOf(event)) ?? tokens;
        const visible = usageAdded && event ? withoutUsage(event, payload) : payload;
        if (visible !== null) yield visible;
      }
    } catch (cause) {
      throw call.failure(cause);
    } finally {
      call.ended();
    }
  }
  return { kind: 'stream', ...head, payloads: payloads(), tokens: () => tokens };
}

function lacksUsage(request: JsonObject): boolean {
  const options = request['stream_options'] as JsonObject | null | undefined;
  return request['stream'] === true && options?.['include_usage'] !== true;
}

function withUsage(request: JsonObject): string {
  const options = request['stream_options'];
  const kept = options !== null && typeof options === 'object' && !Array.isArray(options) ? options : {};
  return JSON.stringify({ ...request, stream_options: { ...kept, include_usage: true } });
}

/** The event as a client sees it that did not ask for usage; null for the one that carries nothing else. */
function withoutUsage(event: JsonObject, payload: string): string | null {
  if (!('usage' in event)) return payload;
  const { usage, ...rest } = event;
  const choices = rest['choices'];
  return usage !== null && Array.isArray(choices) && choices.length === 0 ? null : JSON.stringify(rest);
}

async function* bounded(response: Response): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      throw new UpstreamFailure('reset', `the LM endpoint sent more than ${MAX_ANSWER_BYTES} bytes`);
    }
    yield chunk;
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(response)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parsedBody(text: string): Pick<LmResponse, 'body' | 'text'> {
  try {
    const body = JSON.parse(text) as Json;
    if (!isTooDeep(body)) return { body };
  } catch {
    // malformed JSON is passed on as it came, like any other text
  }
  return { body: null, text };
}

/** Node's fetch hides the reason in a chain of causes. */
function errorCodes(thrown: unknown): string[] {
  const codes: string[] = [];
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
}
