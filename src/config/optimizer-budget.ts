import path from 'node:path';
import type { z } from 'zod';
import { ConstitutionError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import {
  type Cap,
  type GrowthCaps,
  type RoleBudget,
  RUN_CAPS,
  type RunCaps,
} from '../core/optimizer-budget.ts';
import type { GateConfig } from './gate.ts';
import { loadYaml } from './load-yaml.ts';
import { budgetSchemaFor, type WrittenBudget, type WrittenCap } from './optimizer-budget-schema.ts';

/** Where the budgets of optimizers are, relative to the root. */
export const OPTIMIZER_BUDGET_FILE = 'optimizer_budget.yaml';

type Merged = Omit<RoleBudget, 'role'>;
type GateLimits = Pick<GateConfig, 'roles' | 'budgets'>;
/** Reports what is wrong with the budget of a role, at the key that is to blame. */
type Blame = (keys: Keys, message: string, hint: string) => void;
type Keys = readonly PropertyKey[];

/**
 * Loads `optimizer_budget.yaml` of a project: a complete budget for each role that the gate knows.
 *
 * @param name of a smaller budget, whose caps replace those of the roles
 * @throws ConstitutionError CX-CONFIG-MISSING, CX-CONFIG-SYNTAX or CX-CONFIG-INVALID with file, line and column: also
 * for a role that gate.yaml does not have, and for caps that contradict each other or the budgets of gate.yaml;
 * CX-CONFIG-REFERENCE for a name that there is not.
 */
export async function loadOptimizerBudgets(
  root: string,
  gate: GateLimits,
  name?: string,
): Promise<ReadonlyMap<string, RoleBudget>> {
  const roles = Object.keys(gate.roles);
  const schema = budgetSchemaFor(roles).superRefine((parsed, context) => {
    const written = parsed as WrittenBudget;
    const named = namedBudget(written, name);
    for (const role of roles) {
      const blameAt =
        (placeOf: (keys: Keys) => Keys): Blame =>
        (keys, message, hint) =>
          context.addIssue({
            code: 'custom',
            path: [...placeOf(keys)],
            message: `${message} (role ${role})`,
            params: { hint },
          });
      const budget = merged(written, role);
      refuseContradictions(
        budget,
        gate,
        blameAt((keys) => placeOfRole(written, role, keys)),
      );
      if (named === undefined) continue;
      // The caps of a run are the whole of a named budget: they stand there without `run`.
      const atName = blameAt((keys) => ['budgets', name ?? '', ...keys.slice(1)]);
      refuseLarger(budget, named, atName);
      refuseContradictions({ ...budget, run: { ...budget.run, ...named } }, gate, atName);
    }
  });
  const written = (await loadYaml(path.join(root, OPTIMIZER_BUDGET_FILE), schema as z.ZodType, {
    root,
  })) as WrittenBudget;
  const named = namedBudget(written, name);
  if (name !== undefined && named === undefined) {
    throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no budget "${name}"`, {
      place: { file: OPTIMIZER_BUDGET_FILE },
      hint: didYouMean(name, Object.keys(written.budgets)),
    });
  }
  return new Map(
    roles.map((role) => {
      const budget = { role, ...merged(written, role) };
      return [role, { ...budget, run: { ...budget.run, ...named } }];
    }),
  );
}

/** The caps of a smaller budget; undefined where there is none of that name. */
function namedBudget(
  { budgets, warnAt }: WrittenBudget,
  name: string | undefined,
): Partial<RunCaps> | undefined {
  if (name === undefined || !Object.hasOwn(budgets, name)) return undefined;
  const written = budgets[name] ?? {};
  return Object.fromEntries(
    RUN_CAPS.flatMap((cap) => {
      const lower = written[cap];
      return lower === undefined ? [] : [[cap, resolved(lower, warnAt)] as const];
    }),
  );
}

/** A smaller budget can lower a role's caps and never raise them. */
function refuseLarger({ run }: Merged, named: Partial<RunCaps>, blame: Blame): void {
  for (const cap of RUN_CAPS) {
    const lower = named[cap];
    const most = run[cap]?.hard ?? Number.POSITIVE_INFINITY;
    if (lower === undefined || (lower?.hard ?? Number.POSITIVE_INFINITY) <= most) continue;
    const message = `this is more than the ${most} that the role has`;
    blame(['run', cap], message, `Expected at most ${most}: a named budget is a smaller one.`);
  }
}

/** The default with what the role has of its own: whole caps, so that no warning outlives its limit. */
function merged({ warnAt, prices, alerts, default: common, roles }: WrittenBudget, role: string): Merged {
  const own = roles[role] ?? {};
  const run = own.run ?? {};
  const pipeline = own.pipeline ?? {};
  const growth = (caps: WrittenBudget['default']['pipeline']['latency']): GrowthCaps => ({
    mean: limited(caps.mean, warnAt),
    p95: limited(caps.p95, warnAt),
  });
  return {
    run: Object.fromEntries(
      RUN_CAPS.map((cap) => [cap, resolved(run[cap] ?? common.run[cap], warnAt)]),
    ) as RunCaps,
    pipeline: {
      latency: growth(pipeline.latency ?? common.pipeline.latency),
      tokens: growth(pipeline.tokens ?? common.pipeline.tokens),
    },
    onViolation: own.onViolation ?? common.onViolation,
    outputTokensWithoutLimit: own.outputTokensWithoutLimit ?? common.outputTokensWithoutLimit,
    prices,
    alerts: { webhook: alerts.webhook ?? null, openTelemetry: alerts.openTelemetry ?? null },
  };
}

function resolved(written: WrittenCap, warnAt: number): Cap | null {
  return written === 'unlimited' ? null : limited(written, warnAt);
}

function limited(written: Exclude<WrittenCap, 'unlimited'>, warnAt: number): Cap {
  const { hard, warn } = typeof written === 'number' ? { hard: written, warn: undefined } : written;
  return { hard, warn: warn ?? hard * warnAt };
}

function refuseContradictions(budget: Merged, { budgets }: GateLimits, blame: Blame): void {
  const { run, pipeline, outputTokensWithoutLimit, prices } = budget;
  for (const cap of ['inputTokens', 'outputTokens'] as const) {
    if (run.calls !== null && run[cap] !== null && run[cap].hard < run.calls.hard) {
      const message = `${run[cap].hard} tokens do not do for the ${run.calls.hard} calls that are allowed`;
      blame(['run', cap], message, 'A call has a token at least: lower the cap on calls, or raise this one.');
    }
  }
  if (run.outputTokens !== null && outputTokensWithoutLimit > run.outputTokens.hard) {
    const message = `${outputTokensWithoutLimit} tokens for a request without max_tokens are more than a run may generate`;
    blame(['outputTokensWithoutLimit'], message, `Expected at most ${run.outputTokens.hard}.`);
  }
  if (run.cost !== null && Object.keys(prices.models).length === 0) {
    blame(
      ['run', 'cost'],
      'a cap on cost holds nothing where no model has a price',
      'Add the model to prices.models, or write `unlimited`.',
    );
  }
  if ([run.calls, run.inputTokens, run.outputTokens, run.cost].every((cap) => cap === null)) {
    blame(['run', 'calls'], 'nothing limits what is asked of LMs', 'Give a cap to calls, tokens or cost.');
  }
  for (const metric of ['latency', 'tokens'] as const) {
    const { hard } = pipeline[metric].mean;
    if (hard > budgets[metric]) {
      const message = `the gate refuses growth of ${metric} beyond ${budgets[metric]}, so ${hard} can never be used`;
      blame(
        ['pipeline', metric, 'mean'],
        message,
        `Expected at most ${budgets[metric]}, as gate.yaml has it under budgets.`,
      );
    }
  }
}

/** Where a key of a role's budget is written: with the role, or with the default. */
function placeOfRole(written: WrittenBudget, role: string, keys: Keys): Keys {
  const own: unknown = keys
    .slice(0, 2)
    .reduce<unknown>(
      (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
      written.roles[role],
    );
  return own === undefined ? ['default', ...keys] : ['roles', role, ...keys];
}
