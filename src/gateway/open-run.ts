import type { ConstitutionError } from '../core/errors.ts';
import type { FaultKind, InjectedFault } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';
import type {
  CallFailure,
  CallTiming,
  LmExchange,
  Miss,
  RunIdentity,
  RunMeter,
  TokenCount,
} from '../core/lm-exchange.ts';
import { nearestRequestDiff } from './nearest-request.ts';
import { type GatewayClock, RunClock } from './run-clock.ts';
import type { Tape } from './tape.ts';
import { estimatedTokens } from './usage.ts';
import { WatchedTexts } from './watched-texts.ts';

/** Distinct misses that a meter lists; a pipeline that loops must not fill the memory. */
const MAX_MISSES = 50;

/** How a call ended: with an exchange (taken from the tape, or new), or with nothing to keep. */
export type CallEnd =
  | { readonly exchange: Omit<LmExchange, 'ordinal'>; readonly replayed: boolean }
  | { readonly exchange: null; readonly status: number };

interface Slot {
  readonly startMs: number;
  readonly fault: FaultKind | null;
  end?: CallEnd & { readonly latencyMs: number };
}

/** A call of a run, from the moment its request was understood until its answer is complete. */
export interface Call {
  /** Milliseconds from the start of the run. */
  readonly startMs: number;
  /** What it is to be answered with instead of an answer; null for nearly every call. */
  readonly fault: FaultKind | null;
  /** Milliseconds since then. */
  elapsedMs(): number;
  /** Only the first end counts. Returns what the call used, null where it failed. */
  end(end: CallEnd): TokenCount | null;
}

/** One run between its opening and its closing: its calls in the order of their requests, and its meter. */
export class OpenRun {
  readonly identity: RunIdentity;
  readonly tape: Tape | null;
  /** Aborted when the run is closed: no call outlives its run. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #clock: RunClock;
  readonly #slots: Slot[] = [];
  readonly #misses = new Map<string, Miss>();
  readonly #failures: CallFailure[] = [];
  #inFlight = 0;
  #peakInFlight = 0;
  #whenIdle: (() => void) | undefined;
  readonly #watched: WatchedTexts;

  readonly #neighbours: readonly LmExchange[];

  /** @param neighbours exchanges of related recordings: where the run has none, they show what came nearest */
  constructor(
    identity: RunIdentity,
    tape: Tape | null,
    clock: GatewayClock,
    neighbours: readonly LmExchange[] = [],
  ) {
    this.identity = identity;
    this.tape = tape;
    this.#neighbours = neighbours;
    this.signal = this.#abort.signal;
    this.#clock = new RunClock(clock);
    this.#watched = new WatchedTexts(identity.watch ?? {});
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** @param request As it is recorded; what is watched for is looked for in it. */
  begin(request: JsonObject = {}): Call {
    const number = this.#slots.length;
    const fault = this.identity.faults?.find(({ call }) => call === number)?.kind ?? null;
    const slot: Slot = { startMs: this.#clock.now(), fault };
    this.#watched.look(request);
    this.#slots.push(slot);
    this.#inFlight += 1;
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight);
    const elapsedMs = () => Math.max(0, this.#clock.now() - slot.startMs);
    return {
      startMs: slot.startMs,
      fault,
      elapsedMs,
      end: (end) => {
        if (slot.end === undefined) this.#end(slot, { ...end, latencyMs: elapsedMs() });
        return timing(slot).tokens;
      },
    };
  }

  #end(slot: Slot, end: NonNullable<Slot['end']>): void {
    slot.end = end;
    if (end.exchange && end.replayed) this.#clock.replayed(end.exchange.startMs + end.exchange.latencyMs);
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#whenIdle?.();
  }

  /** Notes a call that got no answer from the endpoint. */
  fail(path: string, startMs: number, error: ConstitutionError): void {
    this.#failures.push({ code: error.code, message: error.message, path, startMs });
  }

  /** Whether a request was refused because it held what the run must not tell. */
  get leaked(): boolean {
    return this.#failures.some(({ code }) => code === 'CX-BUG-LEAK');
  }

  /** Whether any call got no answer. */
  get failed(): boolean {
    return this.#failures.length > 0;
  }

  /** Notes a request that the tape cannot answer. */
  miss(key: string, path: string, request: JsonObject): Miss {
    const known = this.#misses.get(key);
    const miss = known ? { ...known, attempts: known.attempts + 1 } : this.#newMiss(key, path, request);
    if (known || this.#misses.size < MAX_MISSES) this.#misses.set(key, miss);
    return miss;
  }

  #newMiss(key: string, path: string, request: JsonObject): Miss {
    const { recording } = this.identity;
    const missed = { key, path, attempts: 1, recording };
    const again = 'record it with `npm run gate -- --lm=record`';
    if (this.tape === null) {
      const message = `there is no recording ${recording}; ${again}`;
      const diff = nearestRequestDiff(path, request, this.#neighbours);
      return { ...missed, reason: 'no-recording', message, diff };
    }
    const times = this.tape.count(key);
    if (times > 0) {
      const message = `${recording} holds this request ${times}x, and the run asked once more; ${again}`;
      return { ...missed, reason: 'exhausted', message, diff: null };
    }
    const diff = nearestRequestDiff(path, request, this.tape.recording.exchanges);
    return {
      ...missed,
      reason: 'unknown',
      message: `${recording} does not hold this request; ${again}`,
      diff,
    };
  }

  /** Ends what is still in flight, and resolves when all of it has ended. */
  async close(): Promise<void> {
    this.#abort.abort();
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  /** Whether anything was answered by other than the tape. */
  get hasNew(): boolean {
    return this.#slots.some(({ end }) => end?.exchange && !end.replayed);
  }

  /** What was asked, in order, with ordinals among equal requests. */
  exchanges(): LmExchange[] {
    const next = new Map<string, number>();
    return this.#slots.flatMap(({ end }) => {
      if (!end?.exchange) return [];
      const ordinal = next.get(end.exchange.key) ?? 0;
      next.set(end.exchange.key, ordinal + 1);
      return [{ ...end.exchange, ordinal }];
    });
  }

  meter(recording: RunMeter['recording']): RunMeter {
    const calls = this.#slots.map(timing);
    const answered = calls.filter(({ tokens }) => tokens !== null);
    const sum = (kind: keyof TokenCount) =>
      answered.reduce((total, call) => total + (call.tokens?.[kind] ?? 0), 0);
    const origin = this.tape?.recording;
    return {
      usage: {
        calls: answered.length,
        inputTokens: sum('input'),
        outputTokens: sum('output'),
        estimated: this.#slots.some(
          ({ end }) => end?.exchange && isAnswer(end.exchange) && !end.exchange.tokens,
        ),
      },
      calls,
      recording,
      recordedWith: origin
        ? { recordedAt: origin.recordedAt, model: origin.model, environment: origin.environment }
        : null,
      misses: [...this.#misses.values()],
      failures: [...this.#failures],
      unused: this.tape?.unused ?? 0,
      peakInFlight: this.#peakInFlight,
      requests: this.#slots.length,
      watched: this.#watched.counts(),
      faults: this.#faults(),
    };
  }

  #faults(): InjectedFault[] {
    return this.#slots.flatMap(({ fault, startMs, end }, call) => {
      if (fault === null) return [];
      const endMs = startMs + (end?.latencyMs ?? 0);
      const next = this.#slots.slice(call + 1).find((slot) => timing(slot).tokens !== null);
      const recoveredMs = next === undefined ? null : next.startMs + (next.end?.latencyMs ?? 0) - endMs;
      return [{ call, kind: fault, recoveredMs }];
    });
  }
}

function timing({ startMs, end }: Slot): CallTiming {
  if (!end?.exchange)
    return { startMs, latencyMs: end?.latencyMs ?? 0, status: end?.status ?? 0, tokens: null };
  const { exchange } = end;
  return {
    startMs: exchange.startMs,
    latencyMs: exchange.latencyMs,
    status: exchange.response.status,
    tokens: isAnswer(exchange) ? (exchange.tokens ?? estimatedTokens(exchange)) : null,
  };
}

function isAnswer({ response, failure }: Pick<LmExchange, 'response' | 'failure'>): boolean {
  return response.status < 300 && failure === undefined;
}
