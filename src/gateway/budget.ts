import type { JsonObject } from '../core/json.ts';
import type { RunIdentity, TokenCount } from '../core/lm-exchange.ts';

/** A call that is about to be answered, replayed or not. */
export interface CallIntent {
  readonly run: RunIdentity;
  readonly path: string;
  readonly request: JsonObject;
}

/** What was set aside for one call. */
export interface Reservation {
  /** Called once, when the call has ended; null where it failed and used nothing that was reported. */
  settle(tokens: TokenCount | null): void;
}

/** Where a limit on tokens or calls is enforced: the gateway asks before every call and accounts after it. */
export interface CallBudget {
  /** @throws ConstitutionError to refuse the call; the client gets its code and message as a status 400. */
  reserve(call: CallIntent): Reservation | Promise<Reservation>;
}

/** No limit. */
export const unlimited: CallBudget = { reserve: () => ({ settle: () => undefined }) };
