import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { locateEnvironment } from '../src/bridge/environments/index.ts';
import { ForkServer } from '../src/bridge/worker/fork-server.ts';
import { WorkerSession } from '../src/bridge/worker/session.ts';
import { type ChildStatus, Supervisor } from '../src/bridge/worker/supervisor.ts';
import { median } from './lib/median.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const testdata = path.join(root, 'src/bridge/worker/testdata');
const ENVIRONMENTS = ['dspy-2.6.27', 'dspy-3.0.1'];
const ROUND_TRIPS = 5_000;
const RUNS = 300;
const FORKS = 20;

/**
 * What the bridge itself costs, for each environment.
 *
 * @returns by environment: `import` and `prepare` of the fork server; `ready`, the median time from the fork of a child
 *   until it accepts; `roundTripsPerSecond` of a ping; `runOwnCost`, the median of a run's wall time as its caller sees
 *   it less the time that the program itself took (measured in the child, DSPy's and the LM's time included)
 */
export async function benchBridge(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const name of ENVIRONMENTS) {
    const environment = await locateEnvironment(root, name);
    const server = await ForkServer.start({
      environment,
      workerPath: path.join(root, 'python'),
      maxRuns: 1e6,
    });
    const session = await WorkerSession.connect(server.socketPath);
    figures[`${name} import (ms)`] = server.identity.importMs;
    figures[`${name} prepare (ms)`] = server.identity.prepareMs;
    figures[`${name} child ready (ms, median)`] = await childReady(server);
    figures[`${name} round trips (1/s)`] = await roundTrips(session);
    figures[`${name} own cost of a run (ms, median)`] = await ownCost(session);
    session.close();
    await server.stop();
  }
  return figures;
}

async function childReady(server: ForkServer): Promise<number> {
  const supervisor = new Supervisor(server.socketPath);
  const seen = new Map<number, number>();
  while (seen.size < FORKS) {
    const children = await supervisor.children();
    for (const { pid, readyMs } of children) if (readyMs !== null) seen.set(pid, readyMs);
    const idle = children.find((child: ChildStatus) => child.state === 'idle' && seen.has(child.pid));
    if (idle) await supervisor.kill(idle.pid); // a successor is forked at once
  }
  return median([...seen.values()]);
}

async function roundTrips(session: WorkerSession): Promise<number> {
  for (let warmUp = 0; warmUp < 500; warmUp++) await session.ping();
  const start = performance.now();
  for (let trip = 0; trip < ROUND_TRIPS; trip++) await session.ping();
  return (ROUND_TRIPS * 1000) / (performance.now() - start);
}

async function ownCost(session: WorkerSession): Promise<number> {
  const entry = { root: testdata, entry: 'behaviours:Echo', params: {}, inputs: { text: 'same' }, lm: null };
  const costs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const answer = await session.run({ ...entry, runId: `bench/${run}` });
    costs.push(performance.now() - start - answer.wallMs);
  }
  return median(costs);
}
