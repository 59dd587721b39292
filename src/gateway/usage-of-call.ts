import type { TokenCount } from '../core/lm-exchange.ts';
import type { CallUsage } from './budget.ts';
import type { CallEnd } from './open-run.ts';
import { estimatedTokens } from './usage.ts';

/**
 * What an ended call is accounted for.
 *
 * @param tokens as the run's meter has them: reported or estimated, null for a call that failed
 */
export function usageOfCall(end: CallEnd, tokens: TokenCount | null): CallUsage {
  const { exchange } = end;
  if (exchange === null) return { kind: 'none', tokens: null, status: end.status };
  // A stream that broke off may have told tokens: those of a part.
  if (exchange?.failure !== undefined) return { kind: 'unknown', tokens: null };
  if (tokens === null) return { kind: 'none', tokens: null, status: exchange.response.status };
  if (exchange.tokens === null) return { kind: 'estimated', tokens };
  const estimate = estimatedTokens(exchange);
  // No text is made of no tokens: an endpoint that says so does not count.
  const { input, output } = exchange.tokens;
  const cannotBe = (input === 0 && estimate.input > 0) || (output === 0 && estimate.output > 0);
  return cannotBe ? { kind: 'estimated', tokens: estimate } : { kind: 'reported', tokens: exchange.tokens };
}
