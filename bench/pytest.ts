import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../src/config/package-root.ts';
import { prepareSuite, startSuite, suiteEnvironments } from '../src/pytest/run-suite.ts';
import { median } from './lib/median.ts';

const TESTS = 300;
const FILES = 10;
/** Of the kernel's clock: what `/proc` counts processor time in. */
const TICKS_PER_SECOND = 100;

/** Seconds that one run took. */
interface Cost {
  /** Of this process and of those that it waited for. */
  readonly cpu: number;
  readonly wall: number;
}

/**
 * What running a suite of 300 tests through our runner costs over pytest itself in the same environment, in interleaved pairs, for
 * a suite that imports DSPy and for one that imports nothing. On a machine with other work the processor time is what counts.
 *
 * @returns medians of both in seconds, and the growth in percent as the ratio of the sums (limit 10).
 */
export async function benchPytest(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [name, head, pairs] of [
    ['with DSPy', 'import dspy', 5],
    ['without imports', '', 15],
  ] as const) {
    const suite = await makeSuite(head);
    try {
      const { plain, ours } = await compare(suite, pairs);
      for (const basis of ['cpu', 'wall'] as const) {
        const [alone, through] = [plain.map((cost) => cost[basis]), ours.map((cost) => cost[basis])];
        figures[`pytest alone ${name}, ${basis} s`] = median(alone);
        figures[`through the runner ${name}, ${basis} s`] = median(through);
        figures[`growth ${name}, ${basis} %`] = (sum(through) / sum(alone) - 1) * 100;
      }
    } finally {
      await rm(suite, { recursive: true, force: true });
    }
  }
  return figures;
}

async function compare(
  suite: string,
  pairs: number,
): Promise<{ plain: readonly Cost[]; ours: readonly Cost[] }> {
  const root = packageRoot();
  const [base] = await suiteEnvironments(root, ['3.0.1']);
  const environment = await prepareSuite({ root, suite }, base as NonNullable<typeof base>);
  const alone = async () => {
    await execa(environment.python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], {
      cwd: suite,
      env: environment.processEnv,
      extendEnv: false,
    });
  };
  const through = async () => {
    const { arm, close } = await startSuite({ root, suite }, environment, null);
    await close();
    if (Object.keys((await arm.ended).tests).length !== TESTS) throw new Error('not all tests ran');
  };
  // Both have compiled what they import.
  await alone();
  await through();
  const costs = { plain: [] as Cost[], ours: [] as Cost[] };
  for (let pair = 0; pair < pairs; pair++) {
    // In turns, so that what slows down with time slows both.
    const order = [
      ['plain', alone],
      ['ours', through],
    ] as const;
    for (const [arm, run] of pair % 2 === 0 ? order : [...order].reverse()) {
      const [cpu, started] = [await cpuSeconds(), performance.now()];
      await run();
      costs[arm].push({ cpu: (await cpuSeconds()) - cpu, wall: (performance.now() - started) / 1000 });
    }
  }
  return costs;
}

/** Processor time that this process and those that it waited for have used. */
async function cpuSeconds(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return sum(fields.slice(11, 15).map(Number)) / TICKS_PER_SECOND;
}

async function makeSuite(head: string): Promise<string> {
  const suite = await mkdtemp(path.join(os.tmpdir(), 'pytest-bench-'));
  for (let file = 0; file < FILES; file++) {
    const tests = Array.from(
      { length: TESTS / FILES },
      (_, number) =>
        `def test_${number}():\n    words = sorted(["b", "a", "${number}"])\n    assert words[-1] == "b"\n    assert len(words) == 3\n`,
    );
    await writeFile(path.join(suite, `test_part_${file}.py`), `${head}\n\n\n${tests.join('\n\n')}`);
  }
  return suite;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
