import path from 'node:path';
import type { PythonEnvironment } from '../core/environment.ts';
import { comparePytestRuns, type PytestComparison } from '../core/pytest-comparison.ts';
import type { GatewayClient } from '../gateway/client.ts';
import {
  prepareSuite,
  type RunningSuite,
  type SuiteRequest,
  startSuite,
  suiteEnvironments,
} from './run-suite.ts';

/** A gateway, as the runs of a suite use it. */
export interface SuiteGateway {
  readonly client: GatewayClient;
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
}

export interface PairRequest extends SuiteRequest {
  /** Names or versions of the earlier and the later environment. */
  readonly environments: readonly [baseline: string, candidate: string];
  /** Names the recordings of its LM calls; by default the name of its folder. */
  readonly name?: string;
}

/** A suite that runs in both environments at the same time. */
export interface RunningPair {
  readonly baseline: RunningSuite;
  readonly candidate: RunningSuite;
  /** Waits for the end of both, writes what was recorded, and compares. */
  finish(): Promise<PytestComparison>;
}

/**
 * Makes the environments of a suite where they are not there yet, and starts it in both.
 *
 * @param gateway Null where LM calls have no place to go: they are refused as every other use of the network.
 * @throws ConstitutionError as {@link prepareSuite}, and CX-GATEWAY-*.
 */
export async function startSuitePair(
  request: PairRequest,
  gateway: SuiteGateway | null,
): Promise<RunningPair> {
  const [before, after] = await suiteEnvironments(request.root, request.environments);
  // One after the other: both change what is under one lock.
  const environments = [];
  for (const base of [before, after])
    environments.push(await prepareSuite(request, base as NonNullable<typeof base>));
  const [baseline, candidate] = await Promise.all(environments.map((one) => start(request, one, gateway)));
  const pair = { baseline: baseline as Started, candidate: candidate as Started };
  const finish = async () => {
    // Both are cleaned up, whatever becomes of one.
    await Promise.all([pair.baseline.close(), pair.candidate.close()]);
    return comparePytestRuns(await pair.baseline.arm.ended, await pair.candidate.arm.ended);
  };
  return { ...pair, finish };
}

type Started = Awaited<ReturnType<typeof start>>;

async function start(request: PairRequest, environment: PythonEnvironment, gateway: SuiteGateway | null) {
  if (gateway === null) return startSuite(request, environment, null);
  const { name: environmentName, dspy, pythonVersion: python } = environment;
  const suite = slugOf(request.name ?? path.basename(request.suite));
  const { token } = await gateway.client.openRun({
    run: `pytest/${suite}/dspy-${dspy}/0`,
    recording: `pytest/${suite}/dspy-${dspy}.json`,
    repeat: 0,
    environment: { name: environmentName, dspy, python },
  });
  const running = await startSuite(request, environment, { baseUrl: gateway.baseUrl, token });
  const close = async () => {
    await running.close();
    await gateway.client.closeRun(token);
  };
  return { ...running, close };
}

function slugOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'suite'
  );
}
