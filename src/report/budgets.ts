import type { BudgetReport } from '../core/eval-report.ts';
import { percentInterval, signedPercent } from './format.ts';
import { type Paint, statusText } from './status.ts';

/** Of all bugs together, or of a role by its name, with the 95th percentile where that has a limit of its own. */
export function budgetLine(budget: BudgetReport, paint: Paint, label: number): string {
  const { metric, basis, role, relative, interval, limit, p95, p95Limit, enforced, status } = budget;
  const name = basis === null ? metric : `${metric} (${basis})`;
  const change = `${signedPercent(relative)} ${percentInterval(interval)} of ${signedPercent(limit)}`;
  const tail =
    role === null || p95 === null || p95Limit === null
      ? ''
      : paint.dim(` · p95 ${signedPercent(p95.relative)} of ${signedPercent(p95Limit)}`);
  const watched = enforced ? '' : paint.dim(' (watched)');
  return `   ${(role ?? 'budget').padEnd(label)} ${name.padEnd(22)}${change.padEnd(30)}${statusText(status, paint)}${watched}${tail}`;
}
