import type { BugSecrets } from '../core/bug-secrets.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { LmExchange } from '../core/lm-exchange.ts';
import { leaksIn, leakText } from '../core/prompt-leak.ts';

/**
 * Refuses a request that tells the model what it is to find out, before the model sees it. Leaks that are none for certain
 * (a line that every prompt may hold) pass: `bugs verify` compares the recorded prompts of several bugs for these.
 *
 * @param before The exchanges of the run so far: what the model said itself is no leak.
 * @throws ConstitutionError CX-BUG-LEAK
 */
export function refuseLeak(
  request: JsonObject,
  before: readonly LmExchange[],
  secrets: BugSecrets | undefined,
): void {
  if (secrets === undefined) return;
  const asked = { request, response: { status: 0, headers: {}, body: null } } as unknown as LmExchange;
  const leak = leaksIn([...before, asked], secrets).find(
    (one) => one.certain && one.request === before.length,
  );
  if (leak === undefined) return;
  throw new ConstitutionError('CX-BUG-LEAK', `the request holds ${leakText(leak)}; it was not sent`, {
    hint: 'Change the pipeline or the worked example that shows it, or the bug.',
  });
}
