import type { BaselineCase } from '../core/baseline.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import { BASELINE_FILE, currentBaseline } from './gate/current-baseline.ts';
import { openWorkbench } from './workbench.ts';

/** What {@link toMatchBaseline} asks for beside an outcome that is not worse. */
export interface BaselineMatch {
  /**
   * The output must be the same, byte for byte in canonical JSON. Default: only for the pipeline and environment
   * that the baseline was made with.
   */
  readonly sameOutput?: boolean;
}

/** Relative growth over the baseline that {@link toStayWithinBudget} accepts; defaults from `gate.yaml`. */
export interface BudgetMatch {
  readonly tokens?: number;
  readonly latency?: number;
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The run ended well, with an outcome no worse than the baseline's for the same repeat. */
export async function toMatchBaseline(run: PipelineRun, options: BaselineMatch = {}): Promise<MatcherResult> {
  const { gate, root } = await openWorkbench();
  const reference = await referenceOf(root, run);
  const faults: string[] = [];
  if (run.status === 'error') faults.push(`it ended with ${run.error?.code}: ${run.error?.message}`);
  const wanted = reference.outcomes[run.repeat];
  if (wanted === undefined) faults.push(`the baseline has no repeat ${run.repeat}`);
  else if (run.outcome !== null && run.outcome < wanted) {
    faults.push(
      `its outcome is ${run.outcome}, the baseline's is ${wanted}${run.detail ? `: ${run.detail}` : ''}`,
    );
  }
  const isBaselinesOwn =
    run.environment === gate.environments.baseline && gate.roles[run.role]?.baseline === run.pipeline;
  if ((options.sameOutput ?? isBaselinesOwn) && run.outputHash !== reference.outputHashes[run.repeat]) {
    faults.push(`its output differs from the baseline's: ${JSON.stringify(run.output)}`);
  }
  return result(run, faults, 'match the baseline');
}

/** Tokens and modelled LM time of the run stay within the allowed growth over the baseline of its case. */
export async function toStayWithinBudget(
  run: PipelineRun,
  options: BudgetMatch = {},
): Promise<MatcherResult> {
  const { gate, root } = await openWorkbench();
  const reference = await referenceOf(root, run);
  const limits = { ...gate.budgets, ...options };
  const faults: string[] = [];
  const judge = (what: string, unit: string, measured: number | null, was: number | null, limit: number) => {
    if (measured === null || was === null || measured <= was * (1 + limit)) return;
    faults.push(
      `${what}: ${measured.toFixed(0)} ${unit}, allowed are ${(was * (1 + limit)).toFixed(0)} ` +
        `(baseline ${was.toFixed(0)}, +${Math.round(limit * 100)} %)`,
    );
  };
  judge('tokens', 'tokens', run.usage.inputTokens + run.usage.outputTokens, reference.tokens, limits.tokens);
  judge('LM time', 'ms', run.latency.modelledLmMs, reference.modelledLmMs, limits.latency);
  return result(run, faults, 'stay within its budget');
}

async function referenceOf(root: string, run: PipelineRun): Promise<BaselineCase> {
  const reference = (await currentBaseline(root)).cases[`${run.role}/${run.case}`];
  if (reference !== undefined) return reference;
  throw new ConstitutionError('CX-CONFIG-REFERENCE', `the baseline has no case ${run.role}/${run.case}`, {
    place: { file: BASELINE_FILE },
    hint: 'Only seeded bugs are in the baseline; renew it with `npm run constitution -- baseline update`.',
  });
}

function result(run: PipelineRun, faults: readonly string[], what: string): MatcherResult {
  const pass = faults.length === 0;
  return {
    pass,
    message: () =>
      `expected run ${run.id} ${pass ? 'not to' : 'to'} ${what}${pass ? '' : `: ${faults.join('; ')}`}`,
  };
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: a merged declaration must repeat vitest's type parameter
  interface Matchers<T = any> {
    /** Async: `await expect(run).toMatchBaseline()`. */
    toMatchBaseline(options?: BaselineMatch): Promise<T>;
    /** Async: `await expect(run).toStayWithinBudget()`. */
    toStayWithinBudget(options?: BudgetMatch): Promise<T>;
  }
}
