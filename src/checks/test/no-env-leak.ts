import type { TestCheck } from '../check.ts';
import { leftovers } from '../leftovers.ts';

/** What a test leaves in the environment, the next one finds there. */
export const check: TestCheck = {
  description: 'A test leaves the environment variables as it found them.',
  options: {
    allow: { type: 'strings', default: [], description: 'Names of variables that may change.' },
  },
  codes: { 'CX-ENV-LEAK': 'A test left environment variables changed.' },
  probes: ['env'],
  run({ seen }, options) {
    return leftovers('CX-ENV-LEAK', seen.env, options['allow'] as string[]);
  },
};
