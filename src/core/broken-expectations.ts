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
  if (output !== undefined) {
    const difference = firstDifference('output', run.output, output);
    check(difference === null, difference ?? '');
  }
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

/**
 * Where a value does not hold what is expected, as one sentence; null where it holds at least that, at every depth. Lists are
 * compared whole.
 */
function firstDifference(where: string, value: Json, expected: Json): string | null {
  const differs = `${where} is ${shown(value)}, expected ${shown(expected)}`;
  if (Array.isArray(expected)) {
    if (!Array.isArray(value) || value.length !== expected.length) return differs;
    return firstOf(expected, (item, index) =>
      firstDifference(`${where}[${index}]`, value[index] as Json, item),
    );
  }
  if (expected === null || typeof expected !== 'object') return value === expected ? null : differs;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return differs;
  return firstOf(Object.entries(expected), ([key, item]) =>
    Object.hasOwn(value, key)
      ? firstDifference(`${where}.${key}`, value[key] as Json, item)
      : `${where}.${key} is none, expected ${shown(item)}`,
  );
}

function firstOf<T>(items: readonly T[], look: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found !== null) return found;
  }
  return null;
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
