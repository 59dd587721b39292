import { randomUUID } from 'node:crypto';
import { alertsTo, type SendAlert } from '../../alerts/alerts.ts';
import { packageVersion } from '../../config/package-root.ts';
import { loadRateCard } from '../../config/rate-card.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { BudgetEvent } from '../../core/spending/ledger-entry.ts';
import type { BudgetAlert, BudgetViolation, ViolationCheck } from '../../core/spending/violation.ts';
import { judgeRuns } from '../../vitest/judge-runs.ts';
import type { CommandContext } from '../command.ts';
import { lastRollouts, type RolloutFacts } from './rollouts.ts';
import { deliveryLine, violationLines } from './text.ts';
import { filesOf } from './work-folder.ts';

interface Open {
  readonly event: BudgetEvent;
  readonly at: Date;
  /** Begun at most once. */
  ended?: Promise<BudgetViolation>;
}

/** The violations of one optimization: each is checked by the constitution once, and then told. */
export class Violations {
  readonly #facts: Omit<RolloutFacts, 'rateCard'>;
  readonly #note: CommandContext['note'];
  readonly #stops: boolean;
  readonly #send: SendAlert | null;
  readonly #open: Open[] = [];
  #endedAt: number | null = null;

  /** @throws ConstitutionError CX-CONFIG-REFERENCE where an alert could not be sent for want of a variable */
  constructor(facts: Omit<RolloutFacts, 'rateCard'>, note: CommandContext['note']) {
    const { onViolation, alerts } = facts.plan.budget;
    this.#facts = facts;
    this.#note = note;
    this.#stops = onViolation.includes('stop');
    this.#send = onViolation.includes('alert') ? alertsTo(alerts, process.env, packageVersion()) : null;
  }

  /** A cap was reached. Where the optimizer is stopped, what its last runs came to is known when it has ended. */
  add(event: BudgetEvent): void {
    const open: Open = { event, at: new Date() };
    this.#open.push(open);
    if (!this.#stops) this.#begin(open, null);
  }

  /** Nothing runs any more that could spend. */
  optimizerEnded(): void {
    this.#endedAt = Date.now();
  }

  /** All violations, once each is checked and told. Never rejects. */
  async all(): Promise<BudgetViolation[]> {
    const endedAt = this.#endedAt;
    return Promise.all(
      this.#open.map((open) => {
        const counts = this.#stops && endedAt !== null;
        // One that was found while the run was being opened ended nothing.
        return this.#begin(open, counts ? Math.max(0, endedAt - open.at.getTime()) : null);
      }),
    );
  }

  #begin(open: Open, stoppedAfterMs: number | null): Promise<BudgetViolation> {
    open.ended ??= this.#checkAndTell(open, stoppedAfterMs);
    return open.ended;
  }

  async #checkAndTell({ event, at }: Open, stoppedAfterMs: number | null): Promise<BudgetViolation> {
    const { check, findings } = await this.#check();
    const told = { ...event, kind: 'violation' as const, at: at.toISOString(), stoppedAfterMs };
    if (this.#send === null) return { ...told, check, alerts: [] };
    const { role, prices } = this.#facts.plan.budget;
    for (const line of violationLines(role, check, findings)) this.#note(line);
    const alerts = await this.#send({
      format: 1,
      id: randomUUID(),
      role,
      ...told,
      stopped: this.#stops,
      currency: prices.currency,
      articles: check.articles,
      findings,
    });
    for (const delivery of alerts) if (!delivery.delivered) this.#note(deliveryLine(role, delivery));
    return { ...told, check, alerts };
  }

  /** What goes wrong with the check is told in its place: the result of an optimization is worth more than it. */
  async #check(): Promise<{ check: ViolationCheck; findings: BudgetAlert['findings'] }> {
    const started = performance.now();
    const { plan } = this.#facts;
    const cost = (runs: number) => ({ runs, ms: Math.round((performance.now() - started) * 10) / 10 });
    try {
      const rateCard = await loadRateCard(plan.root);
      const runs = await lastRollouts(filesOf(plan.folder).rollouts, { ...this.#facts, rateCard });
      const subject = { name: `optimize ${plan.role}`, file: 'optimizer_budget.yaml', project: '' };
      const { articles, findings, waived, describe } = await judgeRuns(plan.root, runs, subject);
      return {
        check: { articles, findings, waived, ...cost(runs.length), error: null },
        findings: findings.map((finding) => ({
          article: finding.article,
          code: finding.code,
          summary: describe(finding).summary,
        })),
      };
    } catch (thrown) {
      const { message } = thrown as Error;
      const code = thrown instanceof ConstitutionError ? thrown.code : 'CX-INTERNAL';
      const nothing = { articles: [], findings: [], waived: [] };
      return { check: { ...nothing, ...cost(0), error: { code, message } }, findings: [] };
    }
  }
}
