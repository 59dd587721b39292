import type { TestCheck } from '../check.ts';

const MEBIBYTE = 1024 * 1024;

/** A test must not leave much behind in memory. */
export const check: TestCheck = {
  description: 'The JavaScript heap does not grow by more than a test may keep.',
  options: {
    mib: {
      type: 'number',
      min: 0,
      default: 32,
      description: 'Growth that is allowed, in MiB, after a garbage collection.',
    },
  },
  codes: { 'CX-HEAP-GROWTH': 'The heap grew by more than the article allows.' },
  probes: ['heap'],
  run({ seen }, options) {
    const allowed = Number(options['mib']);
    const measured = (seen.heap?.growth ?? 0) / MEBIBYTE;
    if (measured <= allowed) return [];
    const rounded = Number(measured.toFixed(1));
    // "32 MiB, allowed are 32 MiB" would be no reason.
    const told = rounded > allowed ? rounded : Math.ceil(measured * 1000) / 1000;
    return [{ code: 'CX-HEAP-GROWTH', values: { measured: told, allowed } }];
  },
};
