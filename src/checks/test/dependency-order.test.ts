import { expect, test } from 'vitest';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { anInput, aRun } from '../test-support.ts';
import { check } from './dependency-order.ts';

const table: [string, PipelineRun[], string[], object[]][] = [
  ['a plan in order', [aRun()], ['candidate'], []],
  ['kinds that were counted and not found', [aRun({ violations: { order: 0 } })], ['candidate'], []],
  [
    'a plan out of order',
    [aRun({ violations: { order: 2, missing: 0 } })],
    ['candidate'],
    [
      {
        code: 'CX-DEPENDENCY-ORDER',
        values: { run: 'planner/a/candidate/0', violations: { order: 2, missing: 0 } },
      },
    ],
  ],
  ['the other arm', [aRun({ arm: 'baseline', violations: { order: 1 } })], ['candidate'], []],
  [
    'the other arm, where it is asked for',
    [aRun({ id: 'x', arm: 'baseline', violations: { order: 1 } })],
    ['baseline', 'candidate'],
    [{ code: 'CX-DEPENDENCY-ORDER', values: { run: 'x', violations: { order: 1 } } }],
  ],
];

test.each(table)('%s', (_name, runs, arms, expected) => {
  expect(check.run(anInput({ runs }), { arms })).toEqual(expected);
});
