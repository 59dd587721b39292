import { createRandom } from '../src/core/statistics/random.ts';
import { judgeBudget } from '../src/core/verdict/budget.ts';
import { judgeMigration } from '../src/core/verdict/migration.ts';
import type { PairedRow } from '../src/core/verdict/paired-row.ts';
import { DEFAULT_POLICY } from '../src/core/verdict/policy.ts';
import { type Scenario, simulateMigrations } from '../src/core/verdict/simulate.ts';

const BUGS = 10_000;
const REPEATS = 5;

/**
 * Times, in milliseconds, of everything that a verdict over 10,000 bugs with 5 repeats computes (pooled and two roles, two
 * budgets), and the error rates of the verdict over 10,000 migrations that change nothing (40 bugs, 3 repeats).
 */
export async function benchStatistics(): Promise<Record<string, number>> {
  const rows = outcomeRows();
  const usage = usageRows();
  const migrationMs = time(() => judgeMigration(rows, { policy: DEFAULT_POLICY, seed: 'bench' }));
  const budgetsMs = time(() => {
    for (const metric of ['latency', 'tokens'])
      judgeBudget({ metric, limit: 0.2, rows: usage, seed: 'bench' });
  });
  const nullWorld: Pick<Scenario, 'drawBug' | 'truth'> = {
    drawBug: (random) => {
      const rate = random.unit() < 0.4533 ? 0.15 : 0.9;
      return { baseline: rate, candidate: rate };
    },
    truth: { baseline: 0.56, candidate: 0.56 },
  };
  const started = performance.now();
  const rates = simulateMigrations({
    ...nullWorld,
    bugs: { coder: 20, planner: 20 },
    repeats: 3,
    migrations: 10_000,
    policy: DEFAULT_POLICY,
    seed: 'bench',
    resamples: 400,
  });
  return {
    migrationMs,
    budgetsMs,
    verdictMs: migrationMs + budgetsMs,
    simulationMs: performance.now() - started,
    falsePassRate: rates.pass,
    falseRegressionRate: rates.regressed,
    falseVerdictRate: rates.passOrRegressed,
    intervalCoverage: rates.relativeCovered,
  };
}

function time(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function outcomeRows(): PairedRow[] {
  const random = createRandom('bench/outcomes');
  return Array.from({ length: BUGS }, (_, at) => {
    const rate = random.unit();
    const outcomes = (p: number) => Array.from({ length: REPEATS }, () => Number(random.unit() < p));
    return {
      role: at % 2 === 0 ? 'coder' : 'planner',
      bug: `bug-${at}`,
      baseline: outcomes(rate),
      candidate: outcomes(rate + 0.05),
    };
  });
}

function usageRows(): PairedRow[] {
  const random = createRandom('bench/usage');
  const figures = (mean: number) => Array.from({ length: REPEATS }, () => mean * (0.5 + random.unit()));
  return Array.from({ length: BUGS }, (_, at) => ({
    role: 'coder',
    bug: `bug-${at}`,
    baseline: figures(100),
    candidate: figures(105),
  }));
}
