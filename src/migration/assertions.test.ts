import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { environmentOf } from './read-api.ts';

/** Puts the package and the Python tests within reach; the interpreter ignores `PYTHONPATH`. */
const RUN = `import sys, unittest
sys.path[:0] = sys.argv[1:]
unittest.main(module='assertions_test', argv=['assertions'], verbosity=2)`;

describe.each(['2.6.27', '3.0.1'])('Assert and Suggest in DSPy %s', (version) => {
  test('have their old meaning', { timeout: 120_000 }, async () => {
    const { python, processEnv } = await environmentOf(packageRoot(), version);
    const folders = ['python', 'src/migration/testdata'].map((folder) => path.join(packageRoot(), folder));
    const { stderr, exitCode } = await execa(python, ['-c', RUN, ...folders], {
      env: processEnv,
      extendEnv: false,
      reject: false,
    });
    expect(stderr.match(/ \.\.\. (?!ok)\w+/g), stderr).toBeNull();
    expect(Number(/^Ran (\d+) tests/m.exec(stderr)?.[1])).toBeGreaterThanOrEqual(13);
    expect([exitCode, /^OK$/m.test(stderr)]).toEqual([0, true]);
  });
});
