import type { CheckResult } from '../../core/finding.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { TestCheck } from '../check.ts';
import { raisedClass } from '../raised-error.ts';

/** Exceptions that say nothing of what went wrong. */
const UNTYPED: readonly (string | null)[] = ['Exception', 'BaseException', null];

/** What happens when an endpoint fails must have been thought of. */
export const check: TestCheck = {
  description:
    'A run that meets injected faults goes on within a time limit, or ends with an error that has a type.',
  options: {
    withinMs: {
      type: 'number',
      min: 0,
      default: 5000,
      description: 'Milliseconds from a fault to the next good answer.',
    },
  },
  codes: { 'CX-NOT-RECOVERED': 'A run did not recover from a fault, and did not say so with a typed error.' },
  needs: 'runs',
  run({ runs }, options) {
    const allowed = Number(options['withinMs']);
    return runs.flatMap((run): CheckResult[] => {
      const slow = run.faults.find(({ recoveredMs }) => recoveredMs !== null && recoveredMs > allowed);
      const [first] = run.faults;
      if (first === undefined || (slow === undefined && endsWell(run))) return [];
      const { kind, call, recoveredMs } = slow ?? first;
      const ended = run.error?.message ?? run.status;
      return [
        {
          code: 'CX-NOT-RECOVERED',
          values: { run: run.id, kind, call, measured: recoveredMs, allowed, ended },
        },
      ];
    });
  },
};

/** A run that ends well has gone on; one that failed must say what happened to it. */
function endsWell(run: PipelineRun): boolean {
  return run.status === 'ok' || !UNTYPED.includes(raisedClass(run));
}
