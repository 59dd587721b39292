import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../config/package-root.ts';
import { environmentOf } from './read-api.ts';

const RUN = path.join(import.meta.dirname, 'testdata', 'run_tests.py');

export interface PythonTests {
  readonly version: string;
  /** Module that holds the tests. */
  readonly module: string;
  /** Folders of the repository that modules are imported from. */
  readonly folders: readonly string[];
}

export interface PythonTestResult {
  /** Every test passed. */
  readonly passed: boolean;
  readonly tests: number;
  /** What they printed. */
  readonly output: string;
}

/** Runs Python tests with a version of DSPy. */
export async function runPythonTests({ version, module, folders }: PythonTests): Promise<PythonTestResult> {
  const { python, processEnv } = await environmentOf(packageRoot(), version);
  const absolute = folders.map((folder) => path.join(packageRoot(), folder));
  const { all, stderr, exitCode } = await execa(python, ['-W', 'ignore', RUN, module, ...absolute], {
    env: { ...processEnv, LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return {
    passed: exitCode === 0 && /^OK$/m.test(stderr),
    tests: Number(/^Ran (\d+) tests/m.exec(stderr)?.[1]),
    output: all,
  };
}
