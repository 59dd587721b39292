import type { Plugin } from 'vitest/config';
import { INTERRUPTS } from '../../io/interrupts.ts';

/**
 * A plugin that takes away what vitest does at a signal: it ends the process a millisecond later, with whatever is under way.
 * For a caller that cancels the run itself, and has something to say then. To be made before vitest is.
 */
export function ownSignals(): Plugin {
  const before = INTERRUPTS.map((signal) => new Set(process.listeners(signal)));
  return {
    name: 'vitest-constitution:own-signals',
    configureVitest() {
      INTERRUPTS.forEach((signal, at) => {
        for (const listener of process.listeners(signal))
          if (!before[at]?.has(listener)) process.off(signal, listener);
      });
    },
  };
}
