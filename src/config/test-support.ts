import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadOptimizerBudgets, OPTIMIZER_BUDGET_FILE } from './optimizer-budget.ts';
import { packageRoot } from './package-root.ts';

/** The budget file of this repository. */
export const SHIPPED_BUDGET = readFileSync(path.join(packageRoot(), OPTIMIZER_BUDGET_FILE), 'utf8');

const arms = { baseline: 'a', candidate: 'b' };
const gate = { roles: { coder: arms, planner: arms }, budgets: { latency: 0.2, tokens: 0.25 } };

/** The budgets of a project of two roles whose file has this text, or is not there; `name` is that of a smaller one. */
export async function loadBudgets(text: string | null, name?: string) {
  const root = await mkdtemp(path.join(tmpdir(), 'budget-'));
  try {
    if (text !== null) await writeFile(path.join(root, OPTIMIZER_BUDGET_FILE), text);
    return await loadOptimizerBudgets(root, gate, name);
  } finally {
    await rm(root, { recursive: true });
  }
}
