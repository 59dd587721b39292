import v8 from 'node:v8';
import vm from 'node:vm';
import type { Probe } from '../observations.ts';

/** Growth below this is told as it is: a collection would cost more than it clears up. */
const WORTH_A_COLLECTION = 1024 * 1024;

let collect: (() => void) | undefined;

/** JavaScript heap that a test leaves behind. Garbage counts only while it is little. */
export const probe: Probe<'heap'> = {
  watch() {
    const before = used();
    return () => {
      const growth = used() - before;
      if (growth < WORTH_A_COLLECTION) return { growth };
      collectGarbage();
      return { growth: used() - before };
    };
  },
};

function used(): number {
  return v8.getHeapStatistics().used_heap_size;
}

/** Runs a full collection; the function is had from a new context, which needs no flag on the command line. */
function collectGarbage(): void {
  if (collect === undefined) {
    v8.setFlagsFromString('--expose-gc');
    collect = vm.runInNewContext('gc') as () => void;
    v8.setFlagsFromString('--no-expose-gc');
  }
  collect();
}
