import type { FixtureExpectation } from './fixture.ts';
import { canonicalJson, type Json } from './json.ts';
import type { PipelineRun } from './pipeline-run.ts';

/**
 * What a run does not keep of a fixture's expectations, one sentence each; empty where all of them hold. Left out are those
 * that compare with other runs: `schema`, `matchesBaseline`, `withinBudget`.
 */
export function brokenExpectations(run: PipelineRun, expected: FixtureExpectation): string[] {
  const broken: string[] = [];
  const check = (holds: boolean, sentence: string) => {
    if (!holds) broken.push(sentence);
  };
  const { status, error, outcome, output, stages, budget, violations } = expected;
  const failed = run.error === null ? '' : ` (${run.error.code}: ${run.error.message.split('\n')[0]})`;
  check(run.status === status, `status is ${run.status}, expected ${status}${failed}`);
  if (error !== undefined)
    check(run.error?.code === error, `error is ${run.error?.code ?? 'none'}, expected ${error}`);
  if (outcome !== undefined) {
    const { atLeast } = outcome;
    check((run.outcome ?? 0) >= atLeast, `outcome is ${run.outcome ?? 'none'}, expected ${atLeast} at least`);
  }
  if (output !== undefined)
    check(contains(run.output, output), `output is ${shown(run.output)}, expected ${shown(output)}`);
  if (stages !== undefined)
    check(
      inOrder(run.stages, stages),
      `stages are ${run.stages.join(', ') || 'none'}, expected ${stages.join(', ')}`,
    );
  const { calls, tokens } = budget ?? {};
  const used = run.usage.inputTokens + run.usage.outputTokens;
  if (calls !== undefined) check(run.usage.calls <= calls, `${run.usage.calls} calls, allowed are ${calls}`);
  if (tokens !== undefined) check(used <= tokens, `${used} tokens, allowed are ${tokens}`);
  if (violations !== undefined) {
    const found = Object.fromEntries(Object.entries(run.violations).filter(([, count]) => count > 0));
    check(
      canonicalJson(found) === canonicalJson({ ...violations }),
      `violations are ${shown(found)}, expected ${shown({ ...violations })}`,
    );
  }
  return broken;
}

/** Whether a value holds at least what is expected, at every depth; lists are compared whole. */
function contains(value: Json, expected: Json): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(value) &&
      value.length === expected.length &&
      expected.every((item, index) => contains(value[index] as Json, item))
    );
  }
  if (expected === null || typeof expected !== 'object') return value === expected;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.entries(expected).every(
    ([key, item]) => Object.hasOwn(value, key) && contains(value[key] as Json, item),
  );
}

function inOrder(stages: readonly string[], wanted: readonly string[]): boolean {
  let found = 0;
  for (const stage of stages) if (stage === wanted[found]) found++;
  return found === wanted.length;
}

function shown(value: Json): string {
  const text = canonicalJson(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
