import { inject } from 'vitest';
import { ConstitutionError } from '../core/errors.ts';
import type { StartPython } from './service.ts';
import { ServiceClient } from './service-client.ts';
import './provided.ts';

/**
 * For tests of what starts a service in a project that shares this repository's Python environments: the fork servers of the
 * test run itself, each of which has DSPy imported once. Runs have children of their own all the same.
 */
export const pythonOfThisRun: StartPython = async ({ environment }) => {
  const { service } = inject('constitution');
  if (service === undefined)
    throw new ConstitutionError('CX-INTERNAL', 'the test run has no Python environments');
  const { socketPath, dspy, python } = await new ServiceClient(service).environment(environment.name);
  return { socketPath, identity: { dspy, python }, stop: () => Promise.resolve() };
};
