import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { measureOverhead, ratioOf } from './measure.ts';
import { type SuiteTiming, timeSuite } from './run-suite.ts';

const signal = new AbortController().signal;

describe('ratioOf', () => {
  test('the geometric mean, with the t interval of the logarithms', () => {
    // Two ratios: half of the interval is t(0.975, 1) = 12.706 times sd / sqrt(2), here 0.01.
    const { ratio, interval } = ratioOf([Math.log(1.02) - 0.01, Math.log(1.02) + 0.01]);
    expect(ratio).toBeCloseTo(0.02, 12);
    expect(interval.lower).toBeCloseTo(1.02 * Math.exp(-0.12706) - 1, 4);
    expect(interval.upper).toBeCloseTo(1.02 * Math.exp(0.12706) - 1, 4);
  });
});

describe('measureOverhead', () => {
  const measure = (
    cpu: (governed: boolean) => number | null,
    ended: Partial<SuiteTiming> = {},
    basis?: 'wall',
  ) => {
    const calls: boolean[] = [];
    const run: typeof timeSuite = async (_root, _args, { governed, proof }) => {
      calls.push(governed);
      const { governed: was = true, ...rest } = { status: 0, tests: 3, ...ended };
      const wallMs = governed ? 1_100 : 1_000;
      return { wallMs, cpuMs: cpu(governed), ...rest, ...(proof ? { governed: was } : {}) };
    };
    const asked = basis === undefined ? {} : { basis };
    const measured = measureOverhead({
      root: '/',
      pairs: 3,
      args: [],
      note: () => {},
      signal,
      run,
      ...asked,
    });
    return { measured, calls };
  };

  test('pairs in changing order, the first of which does not count', async () => {
    const { measured, calls } = measure((governed) => (governed ? 2_040 : 2_000));
    expect(await measured).toMatchObject({ basis: 'cpu', pairs: 3, ratio: expect.closeTo(0.02, 9) });
    expect(calls).toEqual([true, false, false, true, true, false, false, true]);
  });

  test('wall time where that is asked for, or the system does not tell the CPU time', async () => {
    const byWall = { basis: 'wall', ratio: expect.closeTo(0.1, 9) };
    expect(await measure(() => null).measured).toMatchObject(byWall);
    expect(await measure(() => 2_000, {}, 'wall').measured).toMatchObject(byWall);
  });

  test.each<[string, Partial<SuiteTiming>, string]>([
    ['a run that was ended', { status: 3 }, 'exit code 3'],
    [
      'a run that could not start, which ends as one with failing tests does',
      { status: 1, tests: 0 },
      'no tests',
    ],
    ['a suite that nothing governs', { governed: false }, 'nothing to compare'],
  ])('%s is an error at once', async (_what, ended, message) => {
    const { measured, calls } = measure(() => 1, ended);
    await expect(measured).rejects.toMatchObject({
      code: 'CX-OVERHEAD-RUN',
      message: expect.stringContaining(message),
    });
    expect(calls).toEqual([true]);
  });

  test('a suite with failing tests can be timed', async () => {
    expect(await measure(() => 2_000, { status: 1 }).measured).toMatchObject({ pairs: 3 });
  });
});

describe('a real suite', () => {
  let root: string;
  beforeAll(async () => {
    const parent = path.join(packageRoot(), '.constitution', 'test-projects');
    await mkdir(parent, { recursive: true });
    root = await mkdtemp(path.join(parent, 'overhead-'));
    const plugin = path.join(packageRoot(), 'src/vitest/plugin.ts');
    await writeFile(path.join(root, 'package.json'), '{ "type": "module" }');
    await writeFile(
      path.join(root, 'vitest.config.ts'),
      `import { constitution } from ${JSON.stringify(plugin)};\nexport default { plugins: [constitution()] };\n`,
    );
    await mkdir(path.join(root, 'constitution'));
    await writeFile(
      path.join(root, 'constitution/i.yaml'),
      "id: I\ntitle: T\nwhy: W\nchecks: [{ expect: 'test.assertions > 0', message: m }]\n",
    );
    await writeFile(path.join(root, 'a.test.ts'), "import { test } from 'vitest';\ntest('a', () => {});\n");
  });
  afterAll(() => rm(root, { recursive: true }));

  test('governed it fails, plain it does not know the constitution', async () => {
    const governed = await timeSuite(root, [], { governed: true, proof: true, signal });
    const plain = await timeSuite(root, [], { governed: false, proof: true, signal });
    expect(governed).toMatchObject({ status: 1, tests: 1, governed: true });
    expect(plain).toMatchObject({ status: 0, tests: 1, governed: false });
    expect(plain.wallMs).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(plain.cpuMs).toBeGreaterThan(0);
  });

  test('where its configuration writes reports, they are left as they are', async () => {
    const report = path.join(root, 'report.json');
    await writeFile(report, 'kept');
    const config = path.join(root, 'vitest.config.ts');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace('plugins:', "test: { outputFile: 'report.json' }, plugins:"));
    expect(await timeSuite(root, [], { governed: false, signal })).toMatchObject({ tests: 1 });
    expect(await readFile(report, 'utf8')).toBe('kept');
  });
});
