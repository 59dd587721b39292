import { copyFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { loadGate } from '../../config/gate.ts';
import { loadProjectFixtures } from '../../config/project-fixtures.ts';
import { loadRateCard } from '../../config/rate-card.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { Fixture } from '../../core/fixture.ts';
import { found } from '../../core/found.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { GatewayMode, PipelineRun } from '../../core/pipeline-run.ts';
import type { SeededBug } from '../../core/seeded-bug.ts';
import { PipelineRunner } from '../../vitest/pipeline-runner.ts';
import { onBug, type RunRequest, recordingPath } from '../../vitest/run-request.ts';
import { type PythonService, startService } from '../../vitest/service.ts';
import { ServiceClient } from '../../vitest/service-client.ts';
import type { Scratch } from './scratch.ts';

export interface FixtureRunnerOptions {
  /** Of the project. */
  readonly root: string;
  readonly scratch: Scratch;
  readonly mode: GatewayMode;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Runs one fixture in any environment of the scratch folder. */
export class FixtureRunner {
  readonly fixture: Fixture;
  readonly #request: Omit<RunRequest, 'environment'>;
  readonly #service: PythonService;
  readonly #runner: PipelineRunner;
  readonly #options: FixtureRunnerOptions;

  private constructor(
    fixture: Fixture,
    request: Omit<RunRequest, 'environment'>,
    service: PythonService,
    runner: PipelineRunner,
    options: FixtureRunnerOptions,
  ) {
    this.fixture = fixture;
    this.#request = request;
    this.#service = service;
    this.#runner = runner;
    this.#options = options;
  }

  /**
   * @param name Name of the fixture, or its file relative to the root.
   * @throws ConstitutionError CX-CONFIG-* for a fixture that does not exist or is wrong.
   */
  static async open(name: string, options: FixtureRunnerOptions): Promise<FixtureRunner> {
    const { root, scratch, mode, note, signal } = options;
    const [gate, rateCard, { fixtures, pipelines, bugs }] = await Promise.all([
      loadGate(root),
      loadRateCard(root),
      loadProjectFixtures(root),
    ]);
    const names = fixtures.map((one) => one.name);
    const named = fixtures.find((one) => one.name === name || one.source === name);
    const fixture = found(named, 'fixture', name, names);
    const pipeline = pipelines.get(fixture.pipeline) as Pipeline;
    const request: Omit<RunRequest, 'environment'> = {
      pipeline,
      arm: 'candidate',
      repeat: fixture.repeat,
      faults: fixture.faults,
      ...(fixture.bug === null
        ? { case: fixture.name, inputs: fixture.inputs ?? {} }
        : onBug(bugs.get(fixture.bug) as SeededBug, pipeline, root)),
    };
    const service = await startService(scratch.root, {
      mode,
      note,
      signal,
      recordingsDir: scratch.recordings,
    });
    const { address } = service;
    const settings = { root, gate, mode, model: address.model, rateCard };
    return new FixtureRunner(
      fixture,
      request,
      service,
      new PipelineRunner(new ServiceClient(address), settings),
      options,
    );
  }

  /** @throws ConstitutionError for what is not the pipeline's doing. */
  run(environment: string): Promise<PipelineRun> {
    return this.#runner.run({ ...this.#request, environment }, this.#options.signal);
  }

  /**
   * Gives an environment the recording of another one. Where the two versions ask the LM the same, the run is replayed; where
   * they do not, the first other request is found.
   *
   * @param from Environment of the project.
   * @throws ConstitutionError CX-GATEWAY-MISS where that has none.
   */
  async lendRecording(from: string, environment: string): Promise<void> {
    if (!this.#request.pipeline.lm) return;
    const name = recordingPath({ ...this.#request, environment: from });
    const source = path.join(this.#options.root, 'eval', 'recordings', name);
    if ((await stat(source).catch(() => null)) === null) {
      throw new ConstitutionError('CX-GATEWAY-MISS', `${this.fixture.name} has no recording in ${from}`, {
        place: { file: `eval/recordings/${name}` },
        hint: 'Record it with the gate, or ask a model: --lm=auto.',
      });
    }
    const target = path.join(
      this.#options.scratch.recordings,
      recordingPath({ ...this.#request, environment }),
    );
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(source, target);
  }

  async close(): Promise<void> {
    await this.#runner.close();
    await this.#service.close();
  }
}
