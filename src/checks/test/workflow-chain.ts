import type { CheckResult } from '../../core/finding.ts';
import type { TestCheck } from '../check.ts';

/** A pipeline that skips a stage may still answer, and nobody sees what was left out. */
export const check: TestCheck = {
  description:
    'A run goes through the stages that fixtures/pipelines.yaml declares, in their order, and skips none.',
  options: {
    silentRuns: {
      type: 'boolean',
      default: true,
      description: 'Whether runs that had nothing to ask the LM are judged too.',
    },
    optional: { type: 'strings', default: [], description: 'Names of stages that may be left out.' },
  },
  codes: { 'CX-WORKFLOW-BROKEN': 'A run skipped a declared stage, or went through it out of order.' },
  needs: 'runs',
  run({ runs }, options) {
    const optional = options['optional'] as string[];
    return runs
      .filter((run) => run.status === 'ok' && (options['silentRuns'] !== false || run.usage.calls > 0))
      .flatMap(({ id, stages, workflow }): CheckResult[] => {
        let from = 0;
        for (const stage of workflow) {
          const at = stages.indexOf(stage, from);
          if (at >= 0) from = at + 1;
          else if (!optional.includes(stage)) {
            const skipped = !stages.includes(stage);
            return [{ code: 'CX-WORKFLOW-BROKEN', values: { run: id, stage, skipped } }];
          }
        }
        return [];
      });
  },
};
