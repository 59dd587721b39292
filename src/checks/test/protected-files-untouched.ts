import type { TestCheck } from '../check.ts';
import { changedFiles } from '../file-writes.ts';

/** Files that no test may change; the part over the whole run sees what this one cannot. */
export const check: TestCheck = {
  description: 'Protected files are the same after the run as before it, and no test writes to them.',
  options: {
    files: {
      type: 'globs',
      default: ['package.json', 'constitution/**', '**/*.lock', '**/package-lock.json'],
      description: 'Globs of the protected files, relative to the root.',
    },
  },
  codes: { 'CX-PROTECTED-FILE': 'A protected file was changed.' },
  probes: ['writes'],
  run({ root, seen }, options) {
    const patterns = (options['files'] as string[]).map((source) => new RegExp(source));
    return [...changedFiles(seen.writes, root)]
      .filter(([name]) => patterns.some((pattern) => pattern.test(name)))
      .map(([file, { operation }]) => ({ code: 'CX-PROTECTED-FILE', values: { file, operation } }));
  },
};
