import { randomUUID } from 'node:crypto';
import { alertsTo, type SendAlert } from '../../alerts/alerts.ts';
import { packageVersion } from '../../config/package-root.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { RecordedViolation } from '../../core/spending/recorded-violation.ts';
import type { BudgetAlert, BudgetViolation, ViolationCheck } from '../../core/spending/violation.ts';
import { ViolationChecks } from '../../gateway/ledger/violation-checks.ts';
import { judgeRuns } from '../../vitest/judge-runs.ts';
import type { CommandContext } from '../command.ts';
import type { OptimizePlan } from './plan.ts';
import { deliveryLine, lateLine, violationLines } from './text.ts';

/** What is known of a violation beside the journal. */
export interface ViolationFacts {
  /** The journal that holds it. */
  readonly ledgerFile: string;
  /** Milliseconds from the violation until the optimizer had ended; null where that is not known, or it was not to be stopped. */
  readonly stoppedAfterMs: number | null;
  /** Whether the process that brought it about was killed before it could check it. */
  readonly late?: boolean;
  /** What the articles are to judge. Throws where there is nothing to judge by. */
  runs(): readonly PipelineRun[];
}

interface Checked {
  readonly check: ViolationCheck;
  readonly findings: BudgetAlert['findings'];
}

/** Has the constitution check the violations of a role's budget, and tells people of each. */
export class ViolationChecker {
  readonly #plan: Pick<OptimizePlan, 'root' | 'budget'>;
  readonly #note: CommandContext['note'];
  readonly #send: SendAlert | null;

  /** @throws ConstitutionError CX-CONFIG-REFERENCE where an alert could not be sent for want of a variable */
  constructor(plan: Pick<OptimizePlan, 'root' | 'budget'>, note: CommandContext['note']) {
    const { onViolation, alerts } = plan.budget;
    this.#plan = plan;
    this.#note = note;
    this.#send = onViolation.includes('alert') ? alertsTo(alerts, process.env, packageVersion()) : null;
  }

  /**
   * Checks a violation and tells of it, unless somebody has begun to: then, and where the journal cannot say that this has
   * begun, `check.error` says so and nobody is told. Never rejects.
   */
  async check(violation: RecordedViolation, facts: ViolationFacts): Promise<BudgetViolation> {
    let checks: ViolationChecks | undefined;
    try {
      checks = new ViolationChecks(facts.ledgerFile);
      if (!checks.begin(violation)) throw checkError('another process has begun to check it');
      const told = await this.#checkAndTell(violation, facts);
      end(checks, violation);
      return told;
    } catch (error) {
      return this.unchecked(violation, facts, error);
    } finally {
      checks?.close();
    }
  }

  /** A violation that is not checked here: the terminal is told why, and no one else. */
  unchecked(
    violation: RecordedViolation,
    facts: Omit<ViolationFacts, 'runs'>,
    error: unknown,
  ): BudgetViolation {
    const check = failed(error);
    this.#tellTerminal(violation, facts, { check, findings: [] });
    return { ...toldOf(violation, facts), check, alerts: [] };
  }

  async #checkAndTell(violation: RecordedViolation, facts: ViolationFacts): Promise<BudgetViolation> {
    const { check, findings } = await this.#judge(facts);
    const told = toldOf(violation, facts);
    if (this.#send === null) return { ...told, check, alerts: [] };
    const { role, prices } = this.#plan.budget;
    this.#tellTerminal(violation, facts, { check, findings });
    const alerts = await this.#send({
      format: 1,
      id: randomUUID(),
      role,
      ...told,
      stopped: violation.enforced,
      currency: prices.currency,
      articles: check.articles,
      findings,
    });
    for (const delivery of alerts) if (!delivery.delivered) this.#note(deliveryLine(role, delivery));
    return { ...told, check, alerts };
  }

  #tellTerminal(
    { event }: RecordedViolation,
    { late }: Pick<ViolationFacts, 'late'>,
    { check, findings }: Checked,
  ): void {
    const { budget } = this.#plan;
    if (this.#send === null) return;
    if (late === true) this.#note(lateLine(event, budget));
    for (const line of violationLines(budget.role, check, findings)) this.#note(line);
  }

  /** What goes wrong with the check is told in its place: the result of an optimization is worth more than it. */
  async #judge(facts: ViolationFacts): Promise<Checked> {
    const started = performance.now();
    const { root, budget } = this.#plan;
    const sinceStart = () => Math.round((performance.now() - started) * 10) / 10;
    try {
      const runs = facts.runs();
      const subject = { name: `optimize ${budget.role}`, file: 'optimizer_budget.yaml', project: '' };
      const { articles, findings, waived, describe } = await judgeRuns(root, runs, subject);
      return {
        check: { articles, findings, waived, runs: runs.length, ms: sinceStart(), error: null },
        findings: findings.map((finding) => ({
          article: finding.article,
          code: finding.code,
          summary: describe(finding).summary,
        })),
      };
    } catch (error) {
      return { check: { ...failed(error), ms: sinceStart() }, findings: [] };
    }
  }
}

/** Why a violation could not be checked. */
export function checkError(message: string): ConstitutionError {
  return new ConstitutionError('CX-BUDGET-CHECK', message);
}

function end(checks: ViolationChecks, violation: RecordedViolation): void {
  try {
    checks.end(violation);
  } catch {
    // That it was begun is written down, so nobody does it again.
  }
}

/** A violation as it is told, without what the check brings. */
function toldOf(
  { event, atMs }: RecordedViolation,
  { stoppedAfterMs }: Pick<ViolationFacts, 'stoppedAfterMs'>,
): Omit<BudgetViolation, 'check' | 'alerts'> {
  return { ...event, kind: 'violation', at: new Date(atMs).toISOString(), stoppedAfterMs };
}

/** A check that could not be made. */
function failed(thrown: unknown): ViolationCheck {
  const { message } = thrown as Error;
  const code = thrown instanceof ConstitutionError ? thrown.code : 'CX-INTERNAL';
  return { articles: [], findings: [], waived: [], runs: 0, ms: 0, error: { code, message } };
}
