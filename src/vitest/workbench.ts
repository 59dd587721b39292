import { inject } from 'vitest';
import { loadSeededBugs } from '../config/bugs.ts';
import { type GateConfig, loadGate } from '../config/gate.ts';
import { loadPipelines } from '../config/pipelines.ts';
import { loadRateCard } from '../config/rate-card.ts';
import { ConstitutionError } from '../core/errors.ts';
import { found } from '../core/found.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Arm, GatewayMode } from '../core/pipeline-run.ts';
import type { SeededBug } from '../core/seeded-bug.ts';
import { PipelineRunner } from './pipeline-runner.ts';
import { ServiceClient } from './service-client.ts';
import './provided.ts';

/** Everything a test needs to run pipelines, loaded once a worker. */
export interface Workbench {
  readonly root: string;
  readonly gate: GateConfig;
  readonly mode: GatewayMode;
  readonly runner: PipelineRunner;
  /** @throws ConstitutionError CX-CONFIG-REFERENCE for a name that `fixtures/pipelines.yaml` does not have. */
  pipeline(name: string): Pipeline;
  pipelineOf(role: string, arm: Arm): Pipeline;
  /** By `<role>/<id>`. */
  bug(key: string): SeededBug;
}

let opened: Promise<Workbench> | undefined;

/**
 * @throws ConstitutionError CX-CONFIG-MISSING where the project declares no Python environments.
 */
export function openWorkbench(): Promise<Workbench> {
  opened ??= load();
  return opened;
}

/** Gives the Python processes back; the next {@link openWorkbench} starts anew. */
export async function closeWorkbench(): Promise<void> {
  const closing = opened;
  opened = undefined;
  await (await closing)?.runner.close();
}

async function load(): Promise<Workbench> {
  const { root, service } = inject('constitution');
  if (service === undefined) {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'this project declares no Python environments', {
      hint: 'Add gate.yaml and environments/*.yaml; `vitest-constitution env add dspy==3.0.1` makes an environment.',
    });
  }
  const [gate, pipelines, bugs, rateCard] = await Promise.all([
    loadGate(root),
    loadPipelines(root),
    loadSeededBugs(root),
    loadRateCard(root),
  ]);
  const byKey = new Map(bugs.map((bug) => [`${bug.role}/${bug.id}`, bug]));
  const { mode, model } = service;
  const pipeline = (name: string) => found(pipelines.get(name), 'pipeline', name, [...pipelines.keys()]);
  return {
    root,
    gate,
    mode,
    runner: new PipelineRunner(new ServiceClient(service), { root, gate, mode, model, rateCard }),
    pipeline,
    pipelineOf: (role, arm) => pipeline(found(gate.roles[role], 'role', role, Object.keys(gate.roles))[arm]),
    bug: (key) => found(byKey.get(key), 'seeded bug', key, [...byKey.keys()]),
  };
}
