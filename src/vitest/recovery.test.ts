import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { FAULT_KINDS } from '../core/fault.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import { ScriptedLm } from '../gateway/scripted-lm.ts';
import { type ProjectRun, runProject } from './test-support.ts';

const BUG = 'seeded-bugs/coder/rectangle-area';
const ENVIRONMENTS = ['dspy-2.6.27', 'dspy-3.0.1'];

/** The reference Coder as it is, and the same where its LM may ask three times, as DSPy offers it. */
const PATIENT = `import dspy
from reference.coder.native import build as native


class Patient(dspy.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, **inputs):
        with dspy.context(lm=dspy.settings.lm.copy(num_retries=2)):
            return self.inner(**inputs)


def build(call_allowance):
    return Patient(native(call_allowance))
`;
const shared = {
  role: 'coder',
  inputs: ['code', 'entry', 'examples'],
  scorer: 'reference.scoring:score_coder',
};
const PIPELINES = {
  hasty: { ...shared, entry: 'reference.coder.native:build' },
  patient: { ...shared, entry: 'patient:build' },
};

const article = (id: string, severity: string, withinMs: number) =>
  JSON.stringify({
    id,
    title: 'Errors are recovered from',
    why: 'Endpoints fail.',
    severity,
    checks: [{ uses: 'recovers-from-faults', with: { withinMs } }],
  });

const TEST = `import { describe } from 'vitest';
import { test } from '../../../src/vitest/test.ts';
describe.each(${JSON.stringify(ENVIRONMENTS)})('%s', (environment) => {
  describe.each(['hasty', 'patient'])('%s', (pipeline) => {
    test.for(${JSON.stringify(FAULT_KINDS)})('%s', async (kind, { dspy }) => {
      await dspy.run({ pipeline, environment, bug: 'coder/rectangle-area', faults: [{ call: 0, kind }] });
    });
  });
});`;

let run: ProjectRun;
beforeAll(async () => {
  const read = async (file: string) =>
    [`${BUG}/${file}`, await readFile(path.join(packageRoot(), BUG, file), 'utf8')] as const;
  const bug = Object.fromEntries(
    await Promise.all(['bug.yaml', 'buggy.py', 'fixed.py', 'hidden_tests.yaml'].map(read)),
  );
  const lm = await new ScriptedLm().start();
  lm.answer = () => bug[`${BUG}/fixed.py`] ?? '';
  const [baseline, candidate] = ENVIRONMENTS;
  const gate = {
    environments: { baseline, candidate },
    roles: { coder: { baseline: 'none', candidate: 'hasty' } },
    lm: { model: 'scripted', endpoint: lm.url },
  };
  try {
    run = await runProject(
      {
        ...bug,
        'gate.yaml': JSON.stringify(gate),
        'fixtures/pipelines.yaml': JSON.stringify({ pipelines: PIPELINES }),
        'fixtures/patient.py': PATIENT,
        'constitution/1.yaml': article('five-seconds', 'block', 5000),
        'constitution/2.yaml': article('at-once', 'warn', 0),
        'a.test.ts': TEST,
      },
      {
        test: { testTimeout: 60_000 },
        linked: ['environments', '.constitution/envs', 'fixtures/reference'],
        constitution: { mode: 'live' },
      },
    );
  } finally {
    await lm.stop();
  }
  // Two DSPy are imported meanwhile: a busy machine is no failure.
}, 600_000);

function runOf(...names: string[]): PipelineRun {
  const found = run.tests.find(({ test: { name } }) => name === names.join(' > '));
  const [only] = found?.meta?.runs ?? [];
  if (only === undefined) throw new TypeError(`no run: ${JSON.stringify(found)}`);
  return only;
}

describe.each(ENVIRONMENTS)('%s', (environment) => {
  test.each(FAULT_KINDS)('a pipeline that asks again recovers from %s, and repairs the bug', (kind) => {
    const { status, outcome, faults } = runOf(environment, 'patient', kind);
    expect({ status, outcome }).toEqual({ status: 'ok', outcome: 1 });
    expect(faults).toEqual([{ call: 0, kind, recoveredMs: expect.any(Number) }]);
  });

  test.each(FAULT_KINDS)('one that does not says what %s was', (kind) => {
    const { status, error } = runOf(environment, 'hasty', kind);
    expect(status).toBe('error');
    expect(error).toMatchObject({
      code: 'CX-PIPELINE-RAISED',
      message: expect.stringMatching(kind === 'rate-limit' ? /raised RateLimitError: / : /raised \w+Error: /),
    });
  });
});

test('an article allows both within five seconds, and neither within none', () => {
  const found = run.constitution.findings.filter(({ article }) => article === 'five-seconds');
  expect(found).toEqual([]);
  expect(run.constitution.articles[0]).toMatchObject({ governed: run.tests.length, unattributed: 0 });
  // Both go on asking after the fault; what the one that is not patient makes of the answers is then of no use to it.
  const late = run.constitution.findings.filter(({ article }) => article === 'at-once');
  expect(late.map(({ test }) => test?.name)).toEqual(run.tests.map(({ test }) => test.name));
  for (const { code, values } of late) {
    expect(code).toBe('CX-NOT-RECOVERED');
    expect(values['measured']).toBeGreaterThan(0);
  }
});
