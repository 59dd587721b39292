import { inject } from 'vitest';
import { ConstitutionError } from '../core/errors.ts';
import type { RunningEnvironment, StartPython } from './service.ts';
import { ServiceClient } from './service-client.ts';
import './provided.ts';

/**
 * For tests that do not ask how Python is started: an environment of this repository with a fork server of the test run itself,
 * which has DSPy imported once for all test files. Each session has a child of its own all the same.
 */
export function environmentOfThisRun(name: string): Promise<RunningEnvironment> {
  const { service } = inject('constitution');
  if (service === undefined)
    throw new ConstitutionError('CX-INTERNAL', 'the test run has no Python environments');
  return new ServiceClient(service).environment(name);
}

/** The same for a service that a test starts, in a project that shares this repository's Python environments. */
export const pythonOfThisRun: StartPython = async ({ environment }) => {
  const { socketPath, dspy, python } = await environmentOfThisRun(environment.name);
  return { socketPath, identity: { dspy, python }, stop: () => Promise.resolve() };
};
