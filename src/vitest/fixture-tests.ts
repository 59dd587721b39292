import { inject } from 'vitest';
import type { Fixture } from '../core/fixture.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import { loadDeclaredRuns } from './declared-runs.ts';
import type { Dspy } from './dspy.ts';
import { expect, test } from './dspy-test.ts';
import { pytestSuite } from './pytest-suite.ts';

/**
 * Defines one test for each `*.fixture.yaml` of the project, and the tests of each pytest suite that a `*.pytest.yaml` names.
 * To be awaited at the top of a test file.
 *
 * @throws ConstitutionError for a file that is wrong or names what does not exist, and as {@link pytestSuite}.
 */
export async function fixtureTests(): Promise<void> {
  const { root } = inject('constitution');
  const { fixtures, suites } = await loadDeclaredRuns(root);
  for (const fixture of fixtures) test(fixture.name, { timeout: 0 }, ({ dspy }) => check(fixture, dspy));
  for (const { source: _, environments: pair, ...suite } of suites)
    await pytestSuite({ ...suite, ...(pair === undefined ? {} : { environments: pair }) });
}

async function check(fixture: Fixture, dspy: Dspy): Promise<void> {
  const { pipeline, environment, bug, inputs, repeat, faults, name, source } = fixture;
  const run = await dspy.run({
    pipeline,
    case: name,
    repeat,
    faults,
    ...(environment === null ? {} : { environment }),
    ...(bug === null ? {} : { bug }),
    ...(inputs === null ? {} : { inputs }),
  });
  expectRun(run, fixture, `${source}: ${run.detail}`);
  if (fixture.expect.schema === 'stable') await dspy.schema(pipeline, run.environment);
  if (fixture.expect.matchesBaseline) await expect(run).toMatchBaseline();
  if (fixture.expect.withinBudget) await expect(run).toStayWithinBudget();
}

/** What can be said of a run by itself; `where` leads the message of a failure. */
function expectRun(run: PipelineRun, { expect: expected }: Fixture, where: string): void {
  expect(run.status, where).toBe(expected.status);
  if (expected.error !== undefined) expect(run.error?.code, where).toBe(expected.error);
  if (expected.outcome !== undefined) {
    expect(run.outcome ?? 0, where).toBeGreaterThanOrEqual(expected.outcome.atLeast);
  }
  if (expected.output !== undefined) expect(run.output, where).toMatchObject(expected.output);
  if (expected.stages !== undefined)
    expect(inOrder(run.stages, expected.stages), where).toEqual(expected.stages);
  if (expected.violations !== undefined) expect(broken(run), where).toEqual(expected.violations);
  const { calls, tokens } = expected.budget ?? {};
  const { usage } = run;
  if (calls !== undefined) expect(usage.calls, where).toBeLessThanOrEqual(calls);
  if (tokens !== undefined) expect(usage.inputTokens + usage.outputTokens, where).toBeLessThanOrEqual(tokens);
}

/** The wanted stages that occur, each after the one before it. */
function inOrder(stages: readonly string[], wanted: readonly string[]): string[] {
  const found: string[] = [];
  for (const stage of stages) if (stage === wanted[found.length]) found.push(stage);
  return found;
}

/** Kinds of rules that the output breaks; a kind that was looked for and not found does not count. */
function broken(run: PipelineRun): Record<string, number> {
  return Object.fromEntries(Object.entries(run.violations).filter(([, count]) => count > 0));
}
