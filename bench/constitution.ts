import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startVitest, type TestModule } from 'vitest/node';
import { starterArticles } from '../src/cli/init/starter.ts';
import { packageRoot } from '../src/config/package-root.ts';
import type { TaskWithMeta } from '../src/vitest/meta.ts';
import { measureOverhead } from '../src/vitest/overhead/measure.ts';
import { SWITCH } from '../src/vitest/overhead/switch.ts';
import { mainMemoryOf } from './lib/main-memory.ts';
import { median } from './lib/median.ts';

const MANY_ARTICLES = 200;

/** What a suite is made of: files, tests in each, and how long a test keeps the processor busy. */
interface Shape {
  readonly files: number;
  readonly tests: number;
  readonly busyMs: number;
}

/**
 * What the constitution costs a suite: by its own clock, and against the same suite without it.
 *
 * @returns microseconds a test (median of both hooks, two thousand empty tests) for the default set (limit 20), the same with what
 *   vitest does for them, and with all that a starter can contain; milliseconds a file (limit 3); the ratio of processor time with its interval on tests of 1 to 5 ms (limit 1.05 for its upper
 *   end); the ratio of wall time for ten thousand such tests, alone and with 200 articles (limit 1.02), and for ten thousand
 *   tests that do nothing, where vitest itself takes half a millisecond a test.
 */
export async function benchConstitution(): Promise<Record<string, number>> {
  const starter = starterArticles({
    asserts: true,
    writesFiles: true,
    usesNetwork: true,
    changesEnvironment: true,
    opensHandles: true,
    hasDocs: false,
    hasPipelines: false,
  });
  const standard = pick(starter, ['1-tests.yaml', '3-budgets.yaml']);
  const small = { files: 8, tests: 250, busyMs: 0 };
  const cost = await workerCost(small, standard);
  const busy = await ratioOf({ files: 8, tests: 50, busyMs: 5 }, standard, 20);
  const large = { files: 20, tests: 500, busyMs: 5 };
  const tenThousand = await ratioOf(large, standard, 4, 'wall');
  const manyArticles = await ratioOf(large, multiply(standard, MANY_ARTICLES), 4, 'wall');
  const empty = { ...large, busyMs: 0 };
  const emptyTests = await ratioOf(empty, standard, 5, 'wall');
  const memory = await withProject(empty, standard, (root) => mainMemoryOf(root, 3));
  return {
    'microseconds a test, default set': cost.test,
    'the same with what vitest does for two hooks': cost.testWithHooks,
    'milliseconds a file, default set': cost.file,
    'microseconds a test, all of a starter': (await workerCost(small, starter)).test,
    'CPU ratio on tests of 1-5 ms': busy.ratio,
    'its interval from': busy.lower,
    'its interval to': busy.upper,
    'wall ratio on 10,000 tests': tenThousand.ratio,
    'wall ratio on 10,000 tests, interval to': tenThousand.upper,
    'wall ratio on 10,000 tests, 200 articles': manyArticles.ratio,
    'wall ratio on 10,000 tests, 200 articles, interval to': manyArticles.upper,
    'wall ratio on 10,000 empty tests': emptyTests.ratio,
    'wall ratio on 10,000 empty tests, interval to': emptyTests.upper,
    'MB more in the main process, 10,000 tests': memory,
  };
}

/** What governing costs the workers, by their own clocks. */
interface WorkerCost {
  /** Median time of our hooks a test, in microseconds. */
  readonly test: number;
  /** How much longer the tests of a file take, in microseconds a test: vitest has something to do for each hook of anyone's. */
  readonly testWithHooks: number;
  /** How much later the first test of a file begins, in milliseconds: medians with the plugin and without. */
  readonly file: number;
}

async function workerCost(shape: Shape, articles: Readonly<Record<string, string>>): Promise<WorkerCost> {
  return withProject(shape, articles, async (root) => {
    const plain = await runFiles(root, 'off');
    const governed = await runFiles(root, 'on');
    const tests = governed.flatMap((file) => [...file.children.allTests()]);
    const times = tests.map((test) => {
      const { constitution }: TaskWithMeta['meta'] = test.meta();
      const [before, after] = constitution?.self ?? [Number.NaN, Number.NaN];
      return 1000 * (before + after);
    });
    const more = (timeOf: (file: TestModule) => number) =>
      median(governed.map(timeOf)) - median(plain.map(timeOf));
    return {
      test: median(times),
      testWithHooks: (1000 * more((file) => file.diagnostic().duration)) / shape.tests,
      file: more(timeToTests),
    };
  });
}

async function runFiles(root: string, plugin: 'on' | 'off'): Promise<readonly TestModule[]> {
  let files: readonly TestModule[] = [];
  const onTestRunEnd = (modules: readonly TestModule[]) => {
    files = modules;
  };
  process.env[SWITCH] = plugin;
  const vitest = await startVitest('test', [], { root, watch: false, reporters: [{ onTestRunEnd }] });
  await vitest.close();
  delete process.env[SWITCH];
  return files;
}

/** Set-up files may load what the test file would else have loaded itself, so both are counted. */
function timeToTests(file: TestModule): number {
  const { setupDuration, collectDuration } = file.diagnostic();
  return setupDuration + collectDuration;
}

async function ratioOf(
  shape: Shape,
  articles: Readonly<Record<string, string>>,
  pairs: number,
  basis: 'cpu' | 'wall' = 'cpu',
) {
  const { signal } = new AbortController();
  const { ratio, interval } = await withProject(shape, articles, (root) =>
    measureOverhead({ root, pairs, basis, args: [], note: () => {}, signal }),
  );
  return { ratio: 1 + ratio, lower: 1 + interval.lower, upper: 1 + interval.upper };
}

async function withProject<T>(
  shape: Shape,
  articles: Readonly<Record<string, string>>,
  measure: (root: string) => Promise<T>,
): Promise<T> {
  const root = await project(shape, articles);
  try {
    return await measure(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A suite that uses the plugin as it is published: the bundle. */
async function project(shape: Shape, articles: Readonly<Record<string, string>>): Promise<string> {
  const parent = path.join(packageRoot(), '.constitution', 'bench');
  await mkdir(parent, { recursive: true });
  const root = await mkdtemp(path.join(parent, 'suite-'));
  await mkdir(path.join(root, 'constitution'));
  const write = (name: string, text: string) => writeFile(path.join(root, name), text);
  await write('package.json', '{ "type": "module" }');
  // Copied as an installation does: what is linked from elsewhere is transformed by vite, at a price.
  const installed = path.join(root, 'node_modules', 'vitest-constitution');
  for (const part of ['dist', 'package.json'])
    await cp(path.join(packageRoot(), part), path.join(installed, part), { recursive: true });
  await write(
    'vitest.config.js',
    "import { constitution } from 'vitest-constitution';\nexport default { plugins: [constitution({ reporter: { silent: true } })] };\n",
  );
  for (const [name, text] of Object.entries(articles)) await write(`constitution/${name}`, text);
  for (let file = 0; file < shape.files; file++) {
    await write(
      `${file}.test.js`,
      `import { expect, test } from 'vitest';
const now = performance.now.bind(performance);
for (let number = 0; number < ${shape.tests}; number++) {
  test('case ' + number, () => {
    const end = now() + ${shape.busyMs} * ((number % 5) + 1) / 5;
    while (now() < end);
    expect(number).toBe(number);
  });
}
`,
    );
  }
  return root;
}

function pick(articles: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, articles[name] as string]));
}

/** The same articles under other ids, up to a number. */
function multiply(articles: Readonly<Record<string, string>>, number: number): Record<string, string> {
  const texts = Object.values(articles);
  const copies = Array.from({ length: number }, (_, index) => {
    const text = (texts[index % texts.length] as string).replace(/^id: .*$/m, `id: A${index}`);
    return [`${index}.yaml`, text];
  });
  return Object.fromEntries(copies);
}
