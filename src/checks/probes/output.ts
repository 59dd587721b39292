import type { OutputText, Probe } from '../observations.ts';
import { isMarked, processState } from '../process-state.ts';
import { Watchers } from '../watchers.ts';

/** Longer texts are cut. */
const MAX_TEXT = 10_000;
/** Later texts are not kept. */
const MAX_TEXTS = 1_000;

const watchers = processState('output', () => new Watchers<OutputText>(MAX_TEXTS));

/** What a test writes to `process.stdout` and `process.stderr` itself; vitest takes the console elsewhere before. */
export const probe: Probe<'output'> = {
  install: patch,
  watch: () => watchers.watch(),
};

function patch(): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const target = process[stream];
    if (isMarked(target, 'output')) continue;
    const { write } = target;
    target.write = function (this: unknown, ...args: unknown[]) {
      const [chunk] = args;
      watchers.tell(() => {
        const text = chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : String(chunk);
        return { stream, text: text.slice(0, MAX_TEXT) };
      });
      return Reflect.apply(write, this, args) as boolean;
    } as typeof write;
  }
}
