import type { ConsoleLine, Probe } from '../observations.ts';
import { isMarked, processState } from '../process-state.ts';
import { Watchers } from '../watchers.ts';

const LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const;
/** Longer texts are cut: they travel in the meta data of the test. */
const MAX_TEXT = 2_000;
/** Later lines are not kept. */
const MAX_LINES = 1_000;

const watchers = processState('console', () => new Watchers<ConsoleLine>(MAX_LINES));

/** What a test prints through `console`, as it is called: also what vitest or a spy keeps from the terminal. */
export const probe: Probe<'console'> = {
  install: patch,
  watch: () => watchers.watch(),
};

/** Once for each console object: without isolation the same one serves many files. */
function patch(): void {
  if (isMarked(console, 'console')) return;
  const target = console;
  for (const level of LEVELS) {
    const original = target[level];
    target[level] = (...args: unknown[]) => {
      watchers.tell(() => ({
        level,
        text: process
          .getBuiltinModule('node:util')
          .format(...args)
          .slice(0, MAX_TEXT),
      }));
      original.apply(target, args);
    };
  }
}
