import path from 'node:path';
import { secretsFromEnvironment } from '../../core/secrets.ts';
import type { CallBudget } from '../../gateway/budget.ts';
import { Gateway } from '../../gateway/gateway.ts';
import type { OptimizeOptions } from './options.ts';

/** A gateway of its own for the model that reflects, which the same ledger pays; null where it is the model of the task. */
export async function reflectionGateway(
  root: string,
  budget: CallBudget,
  options: OptimizeOptions,
): Promise<Gateway | null> {
  const { reflectionEndpoint: baseUrl, reflectionModel, reflectionKeyVariable: variable, lm: mode } = options;
  if (baseUrl === undefined || reflectionModel === undefined) return null;
  const apiKey = variable === undefined ? undefined : process.env[variable];
  return Gateway.listen({
    mode,
    root,
    recordingsDir: path.join(root, 'eval', 'recordings'),
    model: { id: reflectionModel, sha256: null },
    upstream: mode === 'replay' ? null : { baseUrl, ...(apiKey ? { apiKey } : {}) },
    secrets: secretsFromEnvironment(process.env),
    budget,
  });
}
