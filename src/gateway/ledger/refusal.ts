import { ConstitutionError } from '../../core/errors.ts';
import { messageOf } from '../../core/message-of.ts';
import type { RunCap } from '../../core/optimizer-budget.ts';
import { type Amounts, UNITS_OF_CURRENCY } from '../../core/spending/amounts.ts';
import type { LedgerState } from '../../core/spending/ledger-state.ts';

const UNITS: Readonly<Record<RunCap, string>> = {
  calls: 'LM calls',
  inputTokens: 'tokens sent',
  outputTokens: 'tokens generated',
  cost: 'of the currency',
  seconds: 'seconds',
  metricCalls: 'scored answers',
};

/** The error of a ledger whose file cannot be read or written. */
export function ledgerBroken(file: string, cause: unknown): ConstitutionError {
  if (cause instanceof ConstitutionError) return cause;
  return new ConstitutionError('CX-BUDGET-LEDGER', `the ledger cannot be kept: ${messageOf(cause)}`, {
    place: { file },
    hint: 'What is not written down is not spent: free disk space, or make the folder writable.',
    cause,
  });
}

/** The error of a call that a cap does not leave room for. */
export function budgetSpent(cap: RunCap, state: Readonly<LedgerState>, asked: Amounts): ConstitutionError {
  const limit = state.caps?.[cap]?.hard ?? 0;
  const spent = state.spent(cap);
  const estimated = cap === 'seconds' ? 0 : inUnits(state.estimated, cap);
  const more = cap === 'seconds' ? 0 : inUnits(asked, cap);
  const said = estimated > 0 ? ` (${figure(estimated)} of them estimated)` : '';
  const would = more > 0 && spent < limit ? `, and this call may come to ${figure(more)}` : '';
  return new ConstitutionError(
    'CX-BUDGET-SPENT',
    `the optimizer's budget is spent: ${figure(spent)} of ${figure(limit)} ${UNITS[cap]}${said}${would}`,
    {
      hint: `Raise the cap on ${cap} in optimizer_budget.yaml and go on with --resume.`,
      details: { cap, spent, limit, estimated, asked: more },
    },
  );
}

function inUnits(of: Amounts, cap: Exclude<RunCap, 'seconds'>): number {
  return cap === 'cost' ? (of.cost ?? 0) / UNITS_OF_CURRENCY : of[cap];
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(4)));
}
