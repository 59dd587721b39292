import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../src/config/package-root.ts';

const FILES = 1000;
const LINES = 200;

type Seconds = { readonly seconds: number; readonly findings: number; readonly mended: number };

/**
 * `scan` over a thousand Python files of two hundred lines, a tenth of which use DSPy, as a user starts it with both versions
 * read before.
 *
 * @returns `wallSeconds` (limit 5), `findings`; `fixSeconds`, as long with the diffs of `--fix --dry-run`, and `mended`.
 */
export async function benchScan(): Promise<Record<string, number>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scan-bench-'));
  try {
    const team = path.join(packageRoot(), 'src/migration/testdata/team');
    await cp(team, path.join(folder, 'team'), { recursive: true });
    const names = (await readdir(team)).filter((name) => name.endsWith('.py'));
    const users = await Promise.all(names.map((name) => readFile(path.join(team, name), 'utf8')));
    const plain = Array.from({ length: LINES / 4 }, (_, number) =>
      [
        `def step_${number}(value, scale=${number}):`,
        '    total = value * scale',
        '    return total + 1',
        '',
      ].join('\n'),
    ).join('\n');
    for (let number = 0; number < FILES; number++) {
      const text = number % 10 === 0 ? (users[(number / 10) % users.length] as string) : '';
      await writeFile(path.join(folder, `module_${number}.py`), `${text}\n${plain}`);
    }
    const cli = path.join(packageRoot(), 'dist', 'cli.mjs');
    const run = async (...options: string[]): Promise<Seconds> => {
      const started = performance.now();
      const { stdout } = await execa(
        process.execPath,
        [cli, 'scan', folder, '--json', '--quiet', ...options],
        {
          cwd: packageRoot(),
          reject: false,
        },
      );
      const { files, diffs } = JSON.parse(stdout) as {
        files: { findings: unknown[] }[];
        diffs: { mended: number }[];
      };
      return {
        seconds: (performance.now() - started) / 1000,
        findings: files.reduce((sum, file) => sum + file.findings.length, 0),
        mended: diffs.reduce((sum, { mended }) => sum + mended, 0),
      };
    };
    // The first run may have to read both versions.
    await run();
    const [found, fixed] = [await run(), await run('--fix', '--dry-run')];
    return {
      wallSeconds: found.seconds,
      findings: found.findings,
      fixSeconds: fixed.seconds,
      mended: fixed.mended,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
