import type { Finding } from '../core/finding.ts';
import type { Json } from '../core/json.ts';

/** A finding in words: what is wrong, and what to do about it. */
export interface FindingText {
  readonly summary: string;
  readonly hint: string;
}

type Values = Readonly<Record<string, Json>>;

const TEXTS: Readonly<Record<string, (values: Values) => FindingText>> = {
  'CX-BUDGET-DURATION': (v) => ({
    summary: `the test took ${v['measured']} ms, allowed are ${v['allowed']} ms`,
    hint: 'Find what became slower, or raise maxTestMs in the article if the new time is agreed.',
  }),
  'CX-BUDGET-TOKENS': (v) => ({
    summary: `run ${v['run']} used ${v['measured']} tokens, allowed are ${v['allowed']}`,
    hint: 'Shorten the prompt or the demos, lower max_tokens, or raise maxTokens if the new cost is agreed.',
  }),
  'CX-BUDGET-CALLS': (v) => ({
    summary: `run ${v['run']} made ${v['measured']} LM calls, allowed are ${v['allowed']}`,
    hint: 'Lower the number of attempts, or raise maxCalls if the new cost is agreed.',
  }),
  'CX-BUDGET-LATENCY': (v) => ({
    summary: `run ${v['run']} took ${v['measured']} ms of modelled time, allowed are ${v['allowed']} ms`,
    hint: 'Look for added calls or longer answers with `why`, or raise maxLatencyMs if the new time is agreed.',
  }),
  'CX-DEPENDENCY-ORDER': (v) => ({
    summary: `run ${v['run']} handed out a plan with ${counts(v['violations'])}`,
    hint: 'The pipeline should check its plan and answer without one rather than with a wrong one.',
  }),
  'CX-SCHEMA-CHANGED': (v) => ({
    summary:
      `predictor ${v['predictor']} of ${v['pipeline']} has another signature in ${v['environment']} ` +
      `than in ${v['reference']}${difference(v['was'], v['is'])}`,
    hint: 'Restore the signature, or renew the baseline with `vitest-constitution baseline update` if it is meant.',
  }),
  'CX-CHECK-CRASHED': (v) => ({
    summary: `the check itself failed: ${v['message']}`,
    hint: 'Mend the check; until then the article says nothing about this test.',
  }),
};

/** Sentences for a finding; an unknown code (from a newer version) is shown with its values. */
export function describeFinding(finding: Pick<Finding, 'code' | 'values'>): FindingText {
  const text = TEXTS[finding.code];
  return text ? text(finding.values) : { summary: JSON.stringify(finding.values), hint: '' };
}

/** The codes that have sentences, for the check that documentation covers them all. */
export const FINDING_CODES = Object.keys(TEXTS);

function counts(value: Json | undefined): string {
  const entries = Object.entries((value ?? {}) as Record<string, number>).filter(([, count]) => count > 0);
  return entries.map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

function difference(was: Json | undefined, is: Json | undefined): string {
  const [before, after] = [JSON.stringify(was), JSON.stringify(is)];
  return before === undefined || after === undefined ? '' : `:\n    was ${before}\n    is  ${after}`;
}
