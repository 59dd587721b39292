import { expect, test } from 'vitest';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { anInput, aRun } from '../test-support.ts';
import { check } from './recovers-from-faults.ts';

const fault = (recoveredMs: number | null) => ({
  faults: [{ call: 0, kind: 'rate-limit', recoveredMs }] as const,
});
const failed = (code: string, message: string) => ({ status: 'error' as const, error: { code, message } });

test.each<[string, Partial<PipelineRun>, number]>([
  ['no fault', failed('CX-RUN-TIMEOUT', 'too late'), 0],
  ['it went on', fault(4_999), 0],
  ['it went on too late', fault(5_001), 1],
  ['it ended well without the LM', fault(null), 0],
  [
    'it failed with a type',
    { ...fault(null), ...failed('CX-PIPELINE-RAISED', 'The pipeline raised RateLimitError: slow down') },
    0,
  ],
  [
    'it failed without one',
    { ...fault(null), ...failed('CX-PIPELINE-RAISED', 'The pipeline raised Exception: no') },
    1,
  ],
  [
    'it left the process',
    {
      ...fault(null),
      ...failed('CX-PIPELINE-RAISED', 'The pipeline ended its Python process with exit code 3.'),
    },
    1,
  ],
  ['it hung', { ...fault(null), ...failed('CX-RUN-TIMEOUT', 'RateLimitError') }, 1],
  ['it died', { ...fault(null), ...failed('CX-WORKER-DIED', 'gone') }, 1],
])('%s', (_name, changes, findings) => {
  expect(check.run(anInput({ runs: [aRun(changes)] }), { withinMs: 5_000 })).toHaveLength(findings);
});
