import os from 'node:os';
import type { TestCheck } from '../check.ts';
import { changedFiles } from '../file-writes.ts';

/** A test that writes where it likes changes what other tests, and people, find. */
export const check: TestCheck = {
  description: 'A test writes files in the temporary folder and in the allowed places only.',
  options: {
    allow: {
      type: 'globs',
      default: [],
      description: 'Globs of files that may be written, relative to the root, or absolute.',
    },
  },
  codes: { 'CX-WRITE-OUTSIDE': 'A test changed a file outside the allowed places.' },
  probes: ['writes'],
  run({ root, seen }, options) {
    const allowed = (options['allow'] as string[]).map((source) => new RegExp(source));
    const outside = [...changedFiles(seen.writes, root)].filter(
      ([name, { path }]) =>
        // A project that lies in the temporary folder itself is not free to be written to.
        (name !== path || !isTemporary(path)) && !allowed.some((pattern) => pattern.test(name)),
    );
    return outside.map(([file, { operation }]) => ({
      code: 'CX-WRITE-OUTSIDE',
      values: { file, operation },
    }));
  },
};

function isTemporary(file: string): boolean {
  const folder = os.tmpdir().replaceAll('\\', '/');
  return file === folder || file.startsWith(`${folder}/`);
}
