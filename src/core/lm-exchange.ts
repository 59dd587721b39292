import type { BugSecrets } from './bug-secrets.ts';
import type { InjectedFault, PlannedFault } from './fault.ts';
import { canonicalJson, hashJson, type Json, type JsonObject, sha256 } from './json.ts';
import type { LmUsage } from './pipeline-run.ts';

/** Tokens that an endpoint says a request used. */
export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** What the client got for one HTTP request. A streamed answer keeps its events in order. */
export interface LmResponse {
  readonly status: number;
  /** Allow-listed headers only, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body; null for a streamed answer and for a body that is not JSON. */
  readonly body: Json;
  /** The body where it is not JSON. */
  readonly text?: string;
  /** The `data:` payloads of a server-sent event stream, in order; absent for a plain answer. */
  readonly events?: readonly string[];
}

/**
 * How the connection broke: `reset` by the endpoint, `timeout` of ours, `aborted` by the client (it gave up
 * waiting, or its process ended).
 */
export type ExchangeFailure = 'reset' | 'timeout' | 'aborted';

/** One HTTP request of a run and its answer. Failed attempts (429, 5xx, resets) are exchanges of their own. */
export interface LmExchange {
  /** {@link exchangeKey} of `path` and `request`. */
  readonly key: string;
  /** 0-based occurrence of `key` within the run. */
  readonly ordinal: number;
  /** `/v1/chat/completions`, `/v1/completions` or `/v1/embeddings`. */
  readonly path: string;
  /** The parameters that shape the answer, with secrets redacted. */
  readonly request: JsonObject;
  readonly response: LmResponse;
  /** Present where the answer is not what an endpoint sent to its end. */
  readonly failure?: ExchangeFailure;
  /** As the endpoint reported it; null where it reported nothing. */
  readonly tokens: TokenCount | null;
  /** Milliseconds from the start of the run to the request, and from the request to the end of its answer. */
  readonly startMs: number;
  readonly latencyMs: number;
}

/** The model behind a recording: its name, and the SHA-256 of its weights where they are known. */
export interface ModelIdentity {
  readonly id: string;
  readonly sha256: string | null;
}

/** The Python environment that a run executes in. */
export interface EnvironmentIdentity {
  readonly name: string;
  readonly dspy: string;
  readonly python: string;
}

/** The LM calls of one run, as committed under `eval/recordings/`. */
export interface Recording {
  readonly format: 1;
  /** The id of the run. */
  readonly run: string;
  /** 0-based sample number of the same case. */
  readonly repeat: number;
  readonly recordedAt: string;
  readonly model: ModelIdentity;
  readonly environment: EnvironmentIdentity;
  readonly exchanges: readonly LmExchange[];
  /** {@link recordingIntegrity} of everything else: an edited file is noticed. */
  readonly integrity: string;
}

/** Names a run to the gateway. */
export interface RunIdentity {
  /** `<role>/<case>/<arm>/<repeat>`. */
  readonly run: string;
  /** File of the recording, relative to the recordings folder, `/` as separator, ending in `.json`. */
  readonly recording: string;
  /** 0-based sample number of the same case. */
  readonly repeat: number;
  readonly environment: EnvironmentIdentity;
  /** Texts to look for in the LM requests, by a name; all texts of a name must stand in one. */
  readonly watch?: Readonly<Record<string, readonly string[]>>;
  /** Faults that the run meets. */
  readonly faults?: readonly PlannedFault[];
  /** What no request may hold that goes to the endpoint; a seeded bug's fix and hidden tests. */
  readonly secrets?: BugSecrets;
  /** The ledger that pays for the run's calls; none where it is not part of an optimization. */
  readonly ledger?: string;
}

/** One LM call of a run, successful or not. While replaying, the times are the recorded ones. */
export interface CallTiming {
  /** Milliseconds from the start of the run. */
  readonly startMs: number;
  readonly latencyMs: number;
  readonly status: number;
  /** What the endpoint reported, or an estimate; null for a call that failed. */
  readonly tokens: TokenCount | null;
}

/** A request that a replay could not answer. The same request asked again counts as an attempt of the same miss. */
export interface Miss {
  readonly key: string;
  readonly path: string;
  /** How often it was asked: LM clients retry. */
  readonly attempts: number;
  /**
   * `no-recording`: there is no file. `unknown`: the file has no such request. `exhausted`: it has, but the run
   * asked more often than it did when it was recorded.
   */
  readonly reason: 'no-recording' | 'unknown' | 'exhausted';
  /** One line, without the diff. */
  readonly message: string;
  /** The nearest recorded request against the asked one, as a short unified diff; null where there is none. */
  readonly diff: string | null;
  /** File of the recording, relative to the recordings folder. */
  readonly recording: string;
}

/** A call that did not get an answer from the endpoint. */
export interface CallFailure {
  /** `CX-GATEWAY-UPSTREAM`, or the code that a budget refused with. */
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly startMs: number;
}

/** What a recording says about its origin. */
export interface RecordedWith {
  readonly recordedAt: string;
  readonly model: ModelIdentity;
  readonly environment: EnvironmentIdentity;
}

/** What the gateway counted for one run. JSON-safe. */
export interface RunMeter {
  readonly usage: LmUsage;
  /** In order of their requests. */
  readonly calls: readonly CallTiming[];
  /** The file that answered or was written; `path` is relative to the recordings folder. */
  readonly recording: { readonly path: string; readonly sha256: string } | null;
  /** Origin of the recording that answered (replay, auto); null where none did. */
  readonly recordedWith: RecordedWith | null;
  readonly misses: readonly Miss[];
  readonly failures: readonly CallFailure[];
  /** Recorded exchanges that the run did not ask for. */
  readonly unused: number;
  /** Most calls at the same time. */
  readonly peakInFlight: number;
  /** LM requests of the run, and those in which the watched texts stand, by name. */
  readonly requests: number;
  readonly watched: Readonly<Record<string, number>>;
  /** The planned faults that the run came to. */
  readonly faults: readonly InjectedFault[];
}

/** Part of every key: a change of what a key is made from invalidates old recordings instead of misreading them. */
const KEY_FORMAT = 1;

/** The address in Python's `<range_iterator object at 0x7f2f63056910>`: another one in every process. */
const ADDRESS = /(?<=<[^<>"]{1,200} at 0x)[0-9a-f]+/g;

/**
 * SHA-256 over format version, path and the request as it is recorded (see `request-key` in the gateway). Addresses of Python
 * objects are left out: a prompt that shows one is the same prompt.
 */
export function exchangeKey(path: string, request: JsonObject): string {
  return sha256(`${KEY_FORMAT}\n${path}\n${canonicalJson(request).replace(ADDRESS, '')}`);
}

/** SHA-256 over the canonical JSON of a recording without its `integrity`, as `sha256-<hexadecimal>`. */
export function recordingIntegrity(recording: Omit<Recording, 'integrity'>): string {
  const { integrity: _, ...content } = recording as unknown as JsonObject;
  return `sha256-${hashJson(content)}`;
}
