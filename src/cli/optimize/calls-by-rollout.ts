import type { JsonObject } from '../../core/json.ts';
import type { RunIdentity, TokenCount } from '../../core/lm-exchange.ts';
import type { CallBudget, CallIntent, CallUsage, Reservation } from '../../gateway/budget.ts';

/** One LM call of a rollout that has ended; times in milliseconds, from any fixed moment. */
export interface RolloutCall {
  readonly startMs: number;
  readonly latencyMs: number;
  readonly request: JsonObject;
  readonly usage: CallUsage;
  /** Null for a call that failed. */
  readonly tokens: TokenCount | null;
}

/** Rollouts that are remembered: those that a violation has judged, and those that other threads began meanwhile. */
const KEPT = 100;

/** Remembers the calls of the last rollouts, on their way to what pays for them. */
export class CallsByRollout implements CallBudget {
  readonly #payer: CallBudget;
  readonly #calls = new Map<string, RolloutCall[]>();

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
      const [oldest] = this.#calls.keys();
      if (this.#calls.size > KEPT && oldest !== undefined) this.#calls.delete(oldest);
    }
    return calls;
  }
}
