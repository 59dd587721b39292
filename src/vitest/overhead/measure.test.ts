import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { measureOverhead, ratioOf } from './measure.ts';
import { timeSuite } from './run-suite.ts';

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
  const measure = (cpu: (governed: boolean) => number | null, status = 0, basis?: 'wall') => {
    const calls: boolean[] = [];
    const run = async (_root: string, _args: readonly string[], { governed }: { governed: boolean }) => {
      calls.push(governed);
      return { status, wallMs: governed ? 1_100 : 1_000, cpuMs: cpu(governed) };
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
    expect(await measure(() => 2_000, 0, 'wall').measured).toMatchObject(byWall);
  });

  test('a run without results is an error', async () => {
    await expect(measure(() => 1, 3).measured).rejects.toMatchObject({ code: 'CX-OVERHEAD-RUN' });
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
    const governed = await timeSuite(root, [], { governed: true, signal });
    const plain = await timeSuite(root, [], { governed: false, signal });
    expect([governed.status, plain.status]).toEqual([1, 0]);
    expect(plain.wallMs).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(plain.cpuMs).toBeGreaterThan(0);
  });
});
