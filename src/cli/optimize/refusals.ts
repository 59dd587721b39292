import { OPTIMIZER_BUDGET_FILE } from '../../config/optimizer-budget.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { RoleBudget } from '../../core/optimizer-budget.ts';
import { OPTIMIZERS } from '../../core/optimizers.ts';
import { Upstream } from '../../gateway/upstream.ts';
import type { OptimizeOptions } from './options.ts';

/**
 * Options that contradict each other, or name what is not there: one that would be passed over is refused, and nothing of
 * an optimization before is touched.
 *
 * @throws ConstitutionError CX-USAGE, CX-OPTIMIZE-RESUME for an optimizer that keeps no state, CX-CONFIG-REFERENCE for a
 *   variable that is not set, CX-GATEWAY-UPSTREAM for an address that is none
 */
export function refuseContraryOptions(options: OptimizeOptions): void {
  const { optimizer, reflector, reflectionModel, reflectionEndpoint, reflectionKeyVariable } = options;
  if (options.resume === true && optimizer !== 'gepa') {
    throw new ConstitutionError('CX-OPTIMIZE-RESUME', `${optimizer} cannot be gone on with`, {
      hint: 'It keeps no state between its steps: begin it anew.',
    });
  }
  if (reflector === 'catalogue' && optimizer !== 'gepa') {
    throw new ConstitutionError('CX-USAGE', `${optimizer} takes nothing from the catalogue`, {
      hint: 'Only GEPA does: leave --reflector catalogue out.',
    });
  }
  const asksOne = OPTIMIZERS[optimizer].reflects && reflector === 'lm';
  const named = [reflectionModel, reflectionEndpoint, reflectionKeyVariable].some((one) => one !== undefined);
  if (named && !asksOne) {
    throw new ConstitutionError('CX-USAGE', 'no language model reflects here, and one is named', {
      hint: `Leave out --reflection-model and what belongs to it${reflector === 'catalogue' ? ', or --reflector catalogue' : ''}.`,
    });
  }
  if (reflectionKeyVariable !== undefined && reflectionEndpoint === undefined) {
    throw new ConstitutionError('CX-USAGE', 'a key is named, and no endpoint that it is for', {
      hint: 'Add --reflection-endpoint <url>.',
    });
  }
  if (reflectionEndpoint === undefined) return;
  if (reflectionModel === undefined) {
    throw new ConstitutionError('CX-USAGE', 'an endpoint for reflection needs the name of its model', {
      hint: 'Add --reflection-model <name>.',
    });
  }
  // A replay asks nobody.
  const asks = options.lm !== 'replay';
  if (asks && reflectionKeyVariable !== undefined && !process.env[reflectionKeyVariable]) {
    const message = `the environment variable ${reflectionKeyVariable} is not set`;
    throw new ConstitutionError('CX-CONFIG-REFERENCE', message, {
      hint: 'It is to hold the key of the endpoint for reflection.',
    });
  }
  new Upstream({ baseUrl: reflectionEndpoint });
}

/**
 * A cost that is unknown stops nothing.
 *
 * @throws ConstitutionError CX-BUDGET-PRICE where nothing else would
 */
export function refuseUnlimited({ run, prices }: RoleBudget, models: readonly string[]): void {
  if ([run.calls, run.inputTokens, run.outputTokens].some((cap) => cap !== null)) return;
  const model = models.find((name) => !Object.hasOwn(prices.models, name));
  if (model === undefined) return;
  throw new ConstitutionError(
    'CX-BUDGET-PRICE',
    `nothing but the cost is limited, and the model ${JSON.stringify(model)} has no price`,
    {
      place: { file: OPTIMIZER_BUDGET_FILE },
      hint: 'Add it to prices.models (a price of 0 is one), or give a cap to calls or tokens.',
    },
  );
}

/**
 * Every optimizer scores whole programs on the validation split: where a cap ends it before the first one is scored, what is
 * spent is spent for nothing.
 *
 * @throws ConstitutionError CX-OPTIMIZE-SETUP
 */
export function refuseHopeless({ role, run, onViolation }: RoleBudget, validation: number): void {
  const most = run.metricCalls?.hard ?? Number.POSITIVE_INFINITY;
  if (most >= validation || !onViolation.includes('stop')) return;
  throw new ConstitutionError(
    'CX-OPTIMIZE-SETUP',
    `the budget of ${role} allows ${most} scored answers, and the validation split has ${validation} bugs to score a program on`,
    {
      place: { file: OPTIMIZER_BUDGET_FILE },
      hint: `Raise the cap on metricCalls, or take fewer bugs: --validation ${most}.`,
    },
  );
}
