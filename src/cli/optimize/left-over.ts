import { existsSync } from 'node:fs';
import { OPTIMIZER_NAMES } from '../../core/optimizers.ts';
import type { RecordedViolation } from '../../core/spending/recorded-violation.ts';
import type { BudgetViolation } from '../../core/spending/violation.ts';
import { ViolationChecks } from '../../gateway/ledger/violation-checks.ts';
import type { CommandContext } from '../command.ts';
import { checkError, type ViolationChecker } from './check-violation.ts';
import { keptEvidence } from './evidence.ts';
import { type OptimizePlan, workFolder } from './plan.ts';
import { filesOf } from './work-folder.ts';

/**
 * Checks what no process is left to check: violations of optimizations of this role whose process was killed first. Each is
 * told as its own process would have told it, once. Never rejects: what is left over keeps nobody from beginning anew.
 *
 * @param how.resume whether the optimization is gone on with: then what it has left over is its own
 */
export async function checkLeftOver(
  plan: OptimizePlan,
  checker: ViolationChecker,
  { note, resume }: Pick<CommandContext, 'note'> & { readonly resume: boolean },
): Promise<BudgetViolation[]> {
  const told: BudgetViolation[] = [];
  for (const optimizer of OPTIMIZER_NAMES) {
    const folder = workFolder(plan.root, plan.role, optimizer);
    if (!existsSync(filesOf(folder).ledger)) continue;
    const checked = await checkIn(folder, checker).catch((error: Error) => {
      note(error.message);
      return [];
    });
    const own = resume && folder === plan.folder;
    told.push(...checked.map((violation) => (own ? violation : { ...violation, leftOver: optimizer })));
  }
  return told;
}

async function checkIn(folder: string, checker: ViolationChecker): Promise<BudgetViolation[]> {
  const ledgerFile = filesOf(folder).ledger;
  const checks = new ViolationChecks(ledgerFile);
  try {
    const checked: BudgetViolation[] = [];
    for (const violation of checks.left()) {
      const facts = { ledgerFile, stoppedAfterMs: null, late: true };
      if (violation.check === null) {
        checked.push(await checker.check(violation, { ...facts, runs: () => evidenceOf(folder, violation) }));
        continue;
      }
      // Nobody knows whether people were told: they are not told twice.
      checks.end(violation);
      checked.push(
        checker.unchecked(violation, facts, checkError('its process was killed during the check')),
      );
    }
    return checked;
  } finally {
    checks.close();
  }
}

function evidenceOf(folder: string, violation: RecordedViolation) {
  const runs = keptEvidence(folder, violation);
  if (runs === null) throw checkError('its process was killed before it had written down its last runs');
  return runs;
}
