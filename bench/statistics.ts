import v8 from 'node:v8';
import vm from 'node:vm';
import { createRandom } from '../src/core/statistics/random.ts';
import { judgeBudget } from '../src/core/verdict/budget.ts';
import { judgeMigration } from '../src/core/verdict/migration.ts';
import type { PairedRow } from '../src/core/verdict/paired-row.ts';
import { DEFAULT_POLICY } from '../src/core/verdict/policy.ts';
import { type Scenario, simulateMigrations } from '../src/core/verdict/simulate.ts';
import { median } from './lib/median.ts';

const BUGS = 10_000;
const REPEATS = 5;
/** Numbers of repeats whose memory is compared, over as many bugs. */
const MEMORY = { repeats: [1, 5, 25], bugs: 2_000, rounds: 7 };

/**
 * Times, in milliseconds, of everything that a verdict over 10,000 bugs with 5 repeats computes (pooled and two roles, two
 * budgets), and the error rates of the verdict over 10,000 migrations that change nothing (40 bugs, 3 repeats). And by how
 * many MB the heap has to grow for a verdict over 2,000 bugs, its outcomes not counted, by number of repeats (medians).
 */
export async function benchStatistics(): Promise<Record<string, number>> {
  const memory = MEMORY.repeats.map((repeats) => [
    `verdictMb${repeats}Repeats`,
    median(Array.from({ length: MEMORY.rounds }, () => verdictMegabytes(repeats))),
  ]);
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
    ...Object.fromEntries(memory),
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

/** Growth of the heap, in MB, from just before a verdict to its end: what was freed meanwhile is used again. */
function verdictMegabytes(repeats: number): number {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const rows = outcomeRows(MEMORY.bugs, repeats);
  const used = () => {
    const { total_heap_size, external_memory } = v8.getHeapStatistics();
    return total_heap_size + external_memory;
  };
  collect();
  const before = used();
  judgeMigration(rows, { policy: DEFAULT_POLICY, seed: 'bench' });
  return (used() - before) / 1e6;
}

function outcomeRows(bugs = BUGS, repeats = REPEATS): PairedRow[] {
  const random = createRandom('bench/outcomes');
  return Array.from({ length: bugs }, (_, at) => {
    const rate = random.unit();
    const outcomes = (p: number) => Array.from({ length: repeats }, () => Number(random.unit() < p));
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
