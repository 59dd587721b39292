import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../src/config/package-root.ts';
import type { BugProof } from '../src/core/bug-proof.ts';

/**
 * `bugs verify` over the whole corpus, as a user starts it with everything set up.
 *
 * @returns `bugs`, `wallSeconds` in all, and `secondsFor230`: the same for 230 bugs, the start of Python not multiplied.
 */
export async function benchBugs(): Promise<Record<string, number>> {
  const verify = async (...bugs: string[]) => {
    const started = performance.now();
    const cli = path.join(packageRoot(), 'dist', 'cli.mjs');
    const { stdout } = await execa(process.execPath, [cli, 'bugs', 'verify', '--json', '--quiet', ...bugs], {
      cwd: packageRoot(),
    });
    return { proofs: JSON.parse(stdout) as BugProof[], seconds: (performance.now() - started) / 1000 };
  };
  const all = await verify();
  const [first] = all.proofs;
  const one = await verify(...(first ? [first.bug] : []));
  const bugs = all.proofs.length;
  const each = (all.seconds - one.seconds) / Math.max(1, bugs - 1);
  return { bugs, wallSeconds: all.seconds, secondsFor230: one.seconds + 229 * each };
}
