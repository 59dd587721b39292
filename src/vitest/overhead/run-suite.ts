import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ConstitutionError } from '../../core/errors.ts';
import { SWITCH } from './switch.ts';

/** One run of a suite as a whole process tree. */
export interface SuiteTiming {
  /** Exit code of vitest. */
  readonly status: number;
  /** Tests that the run came to; 0 where it did not get that far. */
  readonly tests: number;
  /** Whether the constitution had a say; told only where it was asked for. */
  readonly governed?: boolean;
  readonly wallMs: number;
  /** CPU time of vitest and all its workers; null where the system does not tell. */
  readonly cpuMs: number | null;
}

/**
 * Runs in a process of its own, which on Linux learns from its own accounting what its children have used. The tick of
 * that accounting is 10 ms everywhere that Node runs.
 */
const TIMER = `
const { spawnSync } = require('node:child_process');
const start = process.hrtime.bigint();
const { status } = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'ignore' });
const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
let cpuMs = null;
try {
  const stat = require('node:fs').readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  cpuMs = (Number(fields[13]) + Number(fields[14])) * 10;
} catch {}
console.log(JSON.stringify({ status, wallMs, cpuMs }));
`;

/** The vitest of a project. @throws ConstitutionError CX-CONFIG-MISSING where it has none. */
export function vitestOf(root: string): string {
  try {
    const manifest = createRequire(path.join(root, 'package.json')).resolve('vitest/package.json');
    return path.join(path.dirname(manifest), 'vitest.mjs');
  } catch (cause) {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'this project has no vitest', {
      hint: 'Install it with `npm install --save-dev vitest`.',
      cause,
    });
  }
}

/**
 * Runs the suite of a project once.
 *
 * @param options `proof`: the run also tells whether it was governed, which costs time.
 */
export async function timeSuite(
  root: string,
  args: readonly string[],
  options: { readonly governed: boolean; readonly proof?: boolean; readonly signal: AbortSignal },
): Promise<SuiteTiming> {
  const folder = await mkdtemp(path.join(tmpdir(), 'constitution-'));
  // Not where the project's own configuration would have it.
  const results = path.join(folder, 'results.json');
  const lines = path.join(folder, 'run.jsonl');
  const command = [vitestOf(root), 'run', '--reporter=json', `--outputFile=${results}`, ...args];
  try {
    const { stdout } = await execa(process.execPath, ['-e', TIMER, '--', ...command], {
      cwd: root,
      env: {
        [SWITCH]: options.governed ? 'on' : 'off',
        ...(options.proof ? { CONSTITUTION_JSON_LINES: lines } : {}),
      },
      cancelSignal: options.signal,
      stdin: 'ignore',
    });
    return {
      ...(JSON.parse(stdout) as Pick<SuiteTiming, 'status' | 'wallMs' | 'cpuMs'>),
      tests: await testsIn(results),
      ...(options.proof ? { governed: existsSync(lines) } : {}),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function testsIn(results: string): Promise<number> {
  try {
    return (JSON.parse(await readFile(results, 'utf8')) as { numTotalTests: number }).numTotalTests;
  } catch {
    return 0;
  }
}
