import { spawn } from 'node:child_process';
import path from 'node:path';
import { readOptimizations } from '../src/config/optimizations.ts';
import { packageRoot } from '../src/config/package-root.ts';
import { ConstitutionError } from '../src/core/errors.ts';
import { renewalOf } from '../src/vitest/gate/optimized-program.ts';

/**
 * The replay of every recorded optimization of the repository, as a user starts it with everything set up.
 *
 * @returns seconds of each (limit 30), by role and optimizer
 */
export async function benchOptimize(): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const made of readOptimizations(packageRoot())) {
    const argv = renewalOf(made).replace('--lm=auto', '--lm=replay').split(' ');
    const started = performance.now();
    const replay = spawn(
      process.execPath,
      [path.join(packageRoot(), 'dist', 'cli.mjs'), ...argv, '--quiet'],
      {
        cwd: packageRoot(),
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const exitCode = await new Promise<number | null>((resolve) => replay.once('exit', resolve));
    if (exitCode === null || exitCode > 1) {
      throw new ConstitutionError(
        'CX-INTERNAL',
        `the replay of ${made.role} ended with exit code ${exitCode}`,
      );
    }
    seconds[`${made.role} ${made.optimizer}`] = (performance.now() - started) / 1000;
  }
  return seconds;
}
