import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { SuiteCheck } from '../check.ts';
import { check as perTest } from '../test/protected-files-untouched.ts';

/** Protected files are hashed before and after the run: so a change by a child process is found as well. */
export const check: SuiteCheck = {
  description: perTest.description,
  options: perTest.options,
  codes: perTest.codes,
  prepare: hashes,
  async run({ root, prepared }, options) {
    const before = (prepared ?? {}) as Record<string, string>;
    const after = await hashes(root, options);
    const operation = (file: string) => (!(file in after) ? 'removed' : file in before ? 'changed' : 'added');
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((file) => before[file] !== after[file])
      .map((file) => ({ code: 'CX-PROTECTED-FILE', values: { file, operation: operation(file) } }));
  },
};

async function hashes(root: string, options: JsonObject): Promise<Record<string, string>> {
  // Loaded where it is used: every start of vitest would pay for it.
  const { default: glob } = await import('fast-glob');
  const files = await glob(options['files'] as string[], {
    cwd: root,
    dot: true,
    ignore: ['**/node_modules/**', '.git/**'],
    followSymbolicLinks: false,
  });
  const entries = files.map(async (file): Promise<[string, string]> => {
    const content = await readFile(path.join(root, file)).catch(() => '');
    return [file, createHash('sha256').update(content).digest('hex')];
  });
  return Object.fromEntries(await Promise.all(entries));
}
