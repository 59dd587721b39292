import type { TestCheck } from '../check.ts';
import { leftovers } from '../leftovers.ts';

/** What a test leaves in the global object, the next one finds there. */
export const check: TestCheck = {
  description: 'A test leaves the properties of the global object as it found them.',
  options: {
    allow: { type: 'strings', default: [], description: 'Names of properties that may change.' },
  },
  codes: { 'CX-GLOBAL-LEAK': 'A test left properties of the global object changed.' },
  probes: ['globals'],
  run({ seen }, options) {
    return leftovers('CX-GLOBAL-LEAK', seen.globals, options['allow'] as string[]);
  },
};
