import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../src/config/package-root.ts';
import { environmentOf } from '../src/migration/read-api.ts';

/**
 * What `Asserted` adds to a run whose conditions hold, beside LM time.
 *
 * @returns by version the median of interleaved pairs, in milliseconds (limit 2).
 */
export async function benchAssertions(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const version of ['2.6.27', '3.0.1']) {
    const { python, processEnv } = await environmentOf(packageRoot(), version);
    const folders = ['python', 'src/migration/testdata'].map((folder) => path.join(packageRoot(), folder));
    const script = path.join(packageRoot(), 'bench', 'python', 'assertions.py');
    const { stdout } = await execa(python, [script, ...folders], { env: processEnv, extendEnv: false });
    const { added, plain } = JSON.parse(stdout) as { added: number; plain: number };
    figures[`ms that Asserted adds, ${version}`] = added;
    figures[`ms of the module alone, ${version}`] = plain;
  }
  return figures;
}
