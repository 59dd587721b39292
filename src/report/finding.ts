import type { Finding } from '../core/finding.ts';
import { type FindingTemplate, fillTemplate } from '../core/finding-template.ts';
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
    hint: 'Find what became slower, or raise `ms` in the article if the new time is agreed.',
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
  'CX-BUDGET-COST': (v) => ({
    summary: `run ${v['run']} cost ${v['measured']}, allowed are ${v['allowed']}`,
    hint: 'Use fewer or shorter calls or a cheaper model, or raise maxCost if the new cost is agreed.',
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
  'CX-FOCUSED': (v) => ({
    summary: `${v['call']} keeps the tests beside it from running`,
    hint: 'Take `.only` out before the change is merged.',
  }),
  'CX-EXPECT': (v) => ({
    summary: `${v['run'] === undefined ? '' : `run ${v['run']}: `}${v['message']} (${v['expect']})`,
    hint: 'The predicate of the article is not true here: mend what it is about, or change it if it asks too much.',
  }),
  'CX-WAIVER-EXPIRED': (v) => ({
    summary: `the waiver held until ${v['until']} (${v['reason']})`,
    hint: 'Mend the test and take the waiver out of the article, or agree on a new day.',
  }),
  'CX-WAIVER-UNUSED': (v) => ({
    summary: v['known']
      ? `the waiver for "${v['waived']}" has nothing to set aside any more`
      : `the waiver for "${v['waived']}" covers no test`,
    hint: 'Take it out of the article, or correct the name of the test.',
  }),
  'CX-ARTICLE-IDLE': () => ({
    summary: 'the article governs no test of the suite',
    hint: 'Correct what it applies to, or take it out.',
  }),
  'CX-CHECK-CRASHED': (v) => ({
    summary: `the check itself failed: ${v['message']}`,
    hint: 'Mend the check; until then the article says nothing about this test.',
  }),
};

/**
 * Sentences for a finding; an unknown code (from a newer version) is shown with its values.
 *
 * @param templates What the project's own checks say, by code.
 */
export function describeFinding(
  finding: Pick<Finding, 'code' | 'values'>,
  templates: Readonly<Record<string, FindingTemplate>> = {},
): FindingText {
  const template = templates[finding.code];
  if (template) {
    const { summary, hint } = template;
    return { summary: fillTemplate(summary, finding.values), hint: fillTemplate(hint, finding.values) };
  }
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
