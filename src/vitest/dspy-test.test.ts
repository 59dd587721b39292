import { describe } from 'vitest';
import type { PipelineRun } from '../core/pipeline-run.ts';
import { expect, fixtureTests, test } from './test.ts';
import { runProject } from './test-support.ts';

/** Any seeded bug does: these tests are about the machinery, not about what a pipeline makes of it. */
const BUG = 'coder/add-tag';

await fixtureTests();

describe('the dspy fixture', () => {
  test('runs a pipeline in the environment of its arm, and keeps the run for the articles', async ({
    dspy,
    task,
  }) => {
    const run = await dspy.run({ pipeline: 'coder-native', bug: BUG });
    expect(run).toMatchObject({ status: 'ok', arm: 'candidate', environment: 'dspy-3.0.1', mode: 'replay' });
    expect(run.usage.calls).toBeGreaterThan(0);
    expect(run.stages).toContain('BestOfN');
    expect(task.meta.constitution?.runs).toEqual([run]);
  });

  test('tells what became of the inputs, and which stages were declared', async ({ dspy }) => {
    const { context, workflow } = await dspy.run({ pipeline: 'coder-native', bug: BUG });
    expect(context['entry']?.requests).toBeGreaterThan(0);
    expect(context['entry']?.found).toBe(context['entry']?.requests);
    expect(context['code']?.inOutput).toBe(false);
    expect(workflow).toEqual(['NativeCoder', 'BestOfN', 'RepairAttempt', 'Predict']);
  });

  test('reads the signatures of a pipeline', async ({ dspy }) => {
    const { signatures } = await dspy.schema('coder-legacy');
    expect(signatures.flatMap(({ fields }) => fields.map(({ name }) => name))).toContain('corrected');
  });

  test('refuses a pipeline, a bug and a nameless run that do not exist, with what was meant', async ({
    dspy,
  }) => {
    await expect(dspy.run({ pipeline: 'coder-nativ', bug: BUG })).rejects.toMatchObject({
      code: 'CX-CONFIG-REFERENCE',
      hint: 'Did you mean "coder-native"?',
    });
    await expect(dspy.run({ pipeline: 'coder-native', bug: 'coder/ad-tag' })).rejects.toMatchObject({
      hint: 'Did you mean "coder/add-tag"?',
    });
    await expect(dspy.run({ pipeline: 'coder-native', inputs: {} })).rejects.toMatchObject({
      code: 'CX-CONFIG-REFERENCE',
    });
  });

  test('in a project without Python fails with the cure, while the articles work', async () => {
    const { tests } = await runProject({
      'constitution/vi.yaml':
        'id: VI\ntitle: T\nwhy: W\nchecks: [{ uses: max-duration, with: { ms: 60000 } }]\n',
      'a.test.ts': `import { test } from '../../../src/vitest/test.ts';
test('plain', () => {});
test('needs Python', async ({ dspy }) => { await dspy.run({ pipeline: 'p', case: 'c' }); });`,
    });
    expect(tests.map(({ state, meta }) => [state, meta?.articles])).toEqual([
      ['passed', 'VI'],
      ['failed', 'VI'],
    ]);
    expect(tests[1]?.errors[0]).toMatchObject({
      code: 'CX-CONFIG-MISSING',
      hint: expect.stringContaining('env add dspy=='),
    });
  });
});

describe('matchers', () => {
  const failure = (assertion: Promise<unknown>) =>
    assertion.then(
      () => 'passed',
      (error: Error) => error.message,
    );
  const changed = (run: PipelineRun, change: Partial<PipelineRun>) => ({ ...run, ...change });

  test("the baseline's own pipeline matches the baseline, output and all", async ({ dspy }) => {
    const run = await dspy.run({ pipeline: 'coder-legacy', bug: BUG });
    await expect(run).toMatchBaseline();
    await expect(run).toStayWithinBudget({ tokens: 0.5, latency: 0.5 });
  });

  test('another output, a worse outcome, an error and an unknown repeat do not match', async ({ dspy }) => {
    const run = await dspy.run({ pipeline: 'coder-legacy', bug: BUG });
    const match = (change: Partial<PipelineRun>) => failure(expect(changed(run, change)).toMatchBaseline());
    expect(await match({ outputHash: '0' })).toContain("its output differs from the baseline's");
    expect(await match({ outcome: -1 })).toContain('its outcome is -1');
    expect(await match({ repeat: 99 })).toContain('the baseline has no repeat 99');
    const error = { code: 'CX-PIPELINE-RAISED', message: 'no' };
    expect(await match({ status: 'error', error })).toContain('it ended with CX-PIPELINE-RAISED: no');
    expect(await match({ case: 'nothing' })).toContain('the baseline has no case coder/nothing');
  });

  test('more tokens or time than allowed are told with both figures', async ({ dspy }) => {
    const run = await dspy.run({ pipeline: 'coder-legacy', bug: BUG });
    const usage = { ...run.usage, inputTokens: 1_000_000 };
    const tokens = await failure(expect(changed(run, { usage })).toStayWithinBudget());
    expect(tokens).toMatch(/tokens: 100\d+ tokens, allowed are \d+ \(baseline \d+, \+25 %\)/);
    const latency = { ...run.latency, modelledLmMs: 1_000_000 };
    const time = await failure(expect(changed(run, { latency })).toStayWithinBudget());
    expect(time).toMatch(/LM time: 1000000 ms, allowed are \d+ \(baseline \d+, \+20 %\)/);
  });
});
