import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../src/config/package-root.ts';

const FILES = 1000;
const LINES = 200;

/**
 * `scan` over a thousand Python files of two hundred lines, a tenth of which use DSPy, as a user starts it with both versions
 * read before.
 *
 * @returns `wallSeconds` (limit 5), `findings`.
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
    const run = async () => {
      const started = performance.now();
      const { stdout } = await execa(process.execPath, [cli, 'scan', folder, '--json', '--quiet'], {
        cwd: packageRoot(),
        reject: false,
      });
      const { files } = JSON.parse(stdout) as { files: { findings: unknown[] }[] };
      const findings = files.reduce((sum, file) => sum + file.findings.length, 0);
      return { wallSeconds: (performance.now() - started) / 1000, findings };
    };
    // The first run may have to read both versions.
    await run();
    return await run();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
