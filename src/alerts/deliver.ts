import { setTimeout as delay } from 'node:timers/promises';
import type { DeliverySettings } from '../core/alert-settings.ts';
import type { AlertDelivery } from '../core/spending/violation.ts';
import { limitSignal } from '../io/limit-signal.ts';

/** Where an alert goes, and what is sent there; made anew for each attempt, for signatures carry the time. */
export interface AlertRequest {
  readonly channel: AlertDelivery['channel'];
  readonly url: URL;
  request(): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

/** The first pause between attempts; each later one is twice as long. */
const FIRST_PAUSE_MS = 250;
/** One attempt must not use up the time of the others. */
const ATTEMPT_MS = 5_000;
/** What says that another attempt may succeed: too slow, too often, or a fault of the receiver. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Sends an alert until it is taken, within a number of attempts and a time. Never rejects: an alert that cannot be
 * delivered is told in the record, and ends nothing.
 */
export async function deliver(alert: AlertRequest, settings: DeliverySettings): Promise<AlertDelivery> {
  const started = performance.now();
  const limit = limitSignal(settings.withinSeconds * 1000);
  let attempts = 0;
  let error: string | null = null;
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    attempts++;
    const outcome = await attempt(alert, limit.signal);
    error = outcome.error;
    if (!outcome.again || attempts >= settings.attempts) break;
    // Spread: a receiver that was away is not met by all at once.
    const ms = Math.max(outcome.notBeforeMs, pause * (0.5 + Math.random() / 2));
    if (performance.now() - started + ms >= settings.withinSeconds * 1000) break;
    await delay(ms);
  }
  limit.clear();
  const ms = Math.round(performance.now() - started);
  const { channel, url } = alert;
  return { channel, to: url.origin, delivered: error === null, attempts, ms, error };
}

async function attempt(
  { url, request }: AlertRequest,
  signal: AbortSignal,
): Promise<{ error: string | null; again: boolean; notBeforeMs: number }> {
  const limit = limitSignal(ATTEMPT_MS, [signal]);
  try {
    const { headers, body } = request();
    // What is signed for one receiver is not handed on to another.
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: limit.signal,
    });
    await response.body?.cancel();
    if (response.ok) return { error: null, again: false, notBeforeMs: 0 };
    const again = PASSING.has(response.status);
    return { error: `status ${response.status}`, again, notBeforeMs: retryAfterMs(response) };
  } catch (thrown) {
    return {
      error: limit.signal.aborted ? 'no answer in time' : unreachable(thrown),
      again: true,
      notBeforeMs: 0,
    };
  } finally {
    limit.clear();
  }
}

/** Codes only: messages of `fetch` may quote the address. */
function unreachable(thrown: unknown): string {
  const code = ((thrown as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? 'cannot be reached' : `cannot be reached (${code})`;
}

function retryAfterMs({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
