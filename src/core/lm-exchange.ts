import type { Json, JsonObject } from './json.ts';

/** Tokens that an endpoint says a request used. */
export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** What came back for one HTTP request. A streamed answer keeps its events in order. */
export interface LmResponse {
  readonly status: number;
  /** Allow-listed headers only, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  /** The `data:` payloads of a server-sent event stream, in order; absent for a plain answer. */
  readonly events?: readonly string[];
}

/** One HTTP request of a run and its answer. Failed attempts (429, 5xx) are exchanges of their own. */
export interface LmExchange {
  /** SHA-256 over format version, path, model, messages, parameters. */
  readonly key: string;
  /** 0-based occurrence of `key` within the run. */
  readonly ordinal: number;
  readonly path: string;
  readonly request: JsonObject;
  readonly response: LmResponse;
  readonly tokens: TokenCount | null;
  /** Milliseconds from the start of the run to the request, and from the request to the end of its answer. */
  readonly startMs: number;
  readonly latencyMs: number;
}

/** The LM calls of one run, as committed under `eval/recordings/`. */
export interface Recording {
  readonly format: 1;
  /** The id of the run. */
  readonly run: string;
  readonly recordedAt: string;
  readonly model: { readonly id: string; readonly sha256: string | null };
  readonly environment: { readonly name: string; readonly dspy: string; readonly python: string };
  readonly exchanges: readonly LmExchange[];
}
