import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../src/config/package-root.ts';
import { quantile } from '../src/core/statistics/summary.ts';
import { prepareSuite, startSuite, suiteEnvironments } from '../src/pytest/run-suite.ts';

const TESTS = 300;
const FILES = 10;
const PAIRS = 7;

/**
 * What running a suite of 300 tests through our runner costs over pytest itself in the same environment: medians of interleaved
 * pairs, for a suite that imports DSPy and for one that imports nothing.
 *
 * @returns seconds of both, and the growth in percent (limit 10, for the suite that imports DSPy).
 */
export async function benchPytest(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [name, head] of [
    ['with DSPy', 'import dspy'],
    ['without imports', ''],
  ] as const) {
    const suite = await makeSuite(head);
    try {
      const { plain, ours } = await compare(suite);
      figures[`pytest alone ${name}, s`] = plain;
      figures[`through the runner ${name}, s`] = ours;
      figures[`growth ${name}, %`] = (ours / plain - 1) * 100;
    } finally {
      await rm(suite, { recursive: true, force: true });
    }
  }
  return figures;
}

async function compare(suite: string): Promise<{ plain: number; ours: number }> {
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
  const times = { plain: [] as number[], ours: [] as number[] };
  for (let pair = 0; pair < PAIRS; pair++) {
    // In turns, so that what slows down with time slows both.
    const order = [
      ['plain', alone],
      ['ours', through],
    ] as const;
    for (const [arm, run] of pair % 2 === 0 ? order : [...order].reverse()) {
      const started = performance.now();
      await run();
      times[arm].push((performance.now() - started) / 1000);
    }
  }
  return { plain: median(times.plain), ours: median(times.ours) };
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

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
