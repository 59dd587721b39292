import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startVitest } from 'vitest/node';
import { starterArticles } from '../src/cli/init/starter.ts';
import { packageRoot } from '../src/config/package-root.ts';
import { measureOverhead } from '../src/vitest/overhead/measure.ts';
import { constitutionWithHooks } from '../src/vitest/plugin.ts';
import type { RunResult } from '../src/vitest/reporter.ts';
import { mainMemoryOf } from './lib/main-memory.ts';

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
 * @returns microseconds a test (median of both hooks, a thousand empty tests) for the default set (limit 20) and with all
 *   that a starter can contain; the ratio of processor time with its interval on tests of 1 to 5 ms (limit 1.05 for its upper
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
  const small = { files: 2, tests: 500, busyMs: 0 };
  const busy = await ratioOf({ files: 8, tests: 50, busyMs: 5 }, standard, 20);
  const large = { files: 20, tests: 500, busyMs: 5 };
  const tenThousand = await ratioOf(large, standard, 4, 'wall');
  const manyArticles = await ratioOf(large, multiply(standard, MANY_ARTICLES), 4, 'wall');
  const empty = { ...large, busyMs: 0 };
  const emptyTests = await ratioOf(empty, standard, 5, 'wall');
  const memory = await withProject(empty, standard, (root) => mainMemoryOf(root, 3));
  return {
    'microseconds a test, default set': await selfTime(small, standard),
    'microseconds a test, all of a starter': await selfTime(small, starter),
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

/** Median time of our hooks a test, in microseconds. */
async function selfTime(shape: Shape, articles: Readonly<Record<string, string>>): Promise<number> {
  let result: RunResult | undefined;
  await withProject(shape, articles, async (root) => {
    const plugin = constitutionWithHooks(
      { reporter: { silent: true } },
      {
        onEnd: (run) => {
          result = run;
        },
      },
    );
    const vitest = await startVitest(
      'test',
      [],
      { root, config: false, watch: false, reporters: [{}] },
      { plugins: [plugin], logLevel: 'silent' },
    );
    await vitest.close();
  });
  const times = (result?.tests ?? []).map(({ meta }) => {
    const [before, after] = meta?.self ?? [0, 0];
    return 1000 * (before + after);
  });
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
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
    "import { constitution } from 'vitest-constitution';\nexport default { plugins: [constitution()] };\n",
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
