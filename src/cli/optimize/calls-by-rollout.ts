import type { JsonObject } from '../../core/json.ts';
import type { RunIdentity, TokenCount } from '../../core/lm-exchange.ts';
import type { CallBudget, CallIntent, CallUsage, Reservation } from '../../gateway/budget.ts';

/** One LM call of a rollout that has ended; times in milliseconds, from any fixed moment. */
export interface RolloutCall {
  readonly startMs: number;
  readonly latencyMs: number;
  /** Null where the rollout is no longer among the last. */
  request: JsonObject | null;
  readonly usage: CallUsage;
  /** Null for a call that failed. */
  readonly tokens: TokenCount | null;
}

/** Rollouts whose calls are remembered: what the pipeline as it was has used is asked for at the end. */
const KEPT = 20_000;
/** Of these, the last ones with what was asked: those that a violation has judged, and that other threads began meanwhile. */
const KEPT_WHOLE = 100;

/** Remembers the calls of the last rollouts, on their way to what pays for them. */
export class CallsByRollout implements CallBudget {
  readonly #payer: CallBudget;
  readonly #calls = new Map<string, RolloutCall[]>();
  readonly #whole: RolloutCall[][] = [];

  constructor(payer: CallBudget) {
    this.#payer = payer;
  }

  async reserve(intent: CallIntent): Promise<Reservation> {
    const reservation = await this.#payer.reserve(intent);
    const { rollout, request } = intent;
    if (rollout === undefined) return reservation;
    const startMs = performance.now();
    return {
      settle: (usage) => {
        const latencyMs = performance.now() - startMs;
        this.#callsOf(rollout).push({ startMs, latencyMs, request, usage, tokens: usage.tokens });
        reservation.settle(usage);
      },
    };
  }

  metricCall(run: RunIdentity, signal: AbortSignal): Promise<void> {
    return this.#payer.metricCall(run, signal);
  }

  /** Calls of a rollout in the order of their ends; none for one that is forgotten. */
  of(rollout: string): readonly RolloutCall[] {
    return this.#calls.get(rollout) ?? [];
  }

  #callsOf(rollout: string): RolloutCall[] {
    let calls = this.#calls.get(rollout);
    if (calls === undefined) {
      calls = [];
      this.#calls.set(rollout, calls);
      this.#whole.push(calls);
      if (this.#whole.length > KEPT_WHOLE) for (const call of this.#whole.shift() ?? []) call.request = null;
      const [oldest] = this.#calls.keys();
      if (this.#calls.size > KEPT && oldest !== undefined) this.#calls.delete(oldest);
    }
    return calls;
  }
}
