import { availableParallelism } from 'node:os';
import { startVitest } from 'vitest/node';
import { loadSeededBugs } from '../../config/bugs.ts';
import { type GateConfig, loadGate } from '../../config/gate.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { Arm, GatewayMode } from '../../core/pipeline-run.ts';
import type { SeededBug } from '../../core/seeded-bug.ts';
import { constitutionWithHooks } from '../plugin.ts';
import type { RunResult } from '../reporter.ts';
import type { PythonService, RunningEnvironment } from '../service.ts';
import { type Selection, selectBugs } from './plan.ts';
import { preflight } from './preflight.ts';
import { GateProgress } from './progress.ts';
import { GATE_FOLDER, writeTestFiles } from './write-test-files.ts';

/** What a gate run is asked to do. */
export interface GateOptions extends Selection {
  readonly root: string;
  readonly mode: GatewayMode;
  /** Only these arms; both by default. A verdict needs both. */
  readonly arms?: readonly Arm[];
  /** One line each about what takes long. */
  readonly note?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Parallel test workers; default: one a core. */
  readonly workers?: number;
}

/** What a gate run brought, before it is judged. */
export interface GateRun {
  readonly gate: GateConfig;
  readonly bugs: readonly SeededBug[];
  /** The split that is judged: that of `gate.yaml`, or all bugs where a person has chosen them. */
  readonly split: GateConfig['split'];
  readonly result: RunResult;
  /** Of the arms that ran, in their order. */
  readonly environments: readonly RunningEnvironment[];
}

/**
 * Runs the selected seeded bugs as tests in a vitest of their own, without the project's configuration.
 *
 * @throws ConstitutionError for anything wrong before the first test.
 */
export async function runGate(options: GateOptions): Promise<GateRun> {
  const { root, mode, note } = options;
  const gate = await loadGate(root);
  const bugs = selectBugs(await loadSeededBugs(root), gate, options);
  const arms = options.arms ?? ARMS;
  await preflight(root, gate, arms);
  // A person who chose bugs, and a baseline in the making, want just these.
  const isWhole = options.bugs === undefined && !options.quick && arms.length === 2;
  await writeTestFiles(root, bugs, isWhole);

  let service: PythonService | undefined;
  let result: RunResult | undefined;
  const plugin = constitutionWithHooks(
    { mode, reporter: { silent: true, partial: true } },
    {
      ...(note ? { note } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      onService: (started) => {
        service = started;
        // Importing DSPy takes seconds: both versions do it now, side by side, while vitest starts its workers.
        for (const arm of arms) started.environment(gate.environments[arm]).catch(() => undefined);
      },
      onEnd: (ended) => {
        result = ended;
      },
    },
  );
  const exitCode = process.exitCode;
  const vitest = await startVitest(
    'test',
    [],
    {
      root,
      config: false,
      watch: false,
      include: [`${GATE_FOLDER}/*.test.ts`],
      // Workers keep what they load from file to file; every run has its own process in Python anyway.
      isolate: false,
      pool: 'forks',
      maxWorkers: options.workers ?? availableParallelism(),
      reporters: [new GateProgress(bugs.length, note ?? (() => undefined))],
      coverage: { enabled: false },
      provide: { gate: { arms, repeats: gate.repeats } },
    },
    { plugins: [plugin], logLevel: 'error' },
  );
  try {
    if (options.signal?.aborted) {
      throw new ConstitutionError('CX-RUN-CANCELLED', 'the run was interrupted; nothing was judged', {
        hint: 'Start it again; what was recorded is kept, and `--lm=auto` records only what is missing.',
      });
    }
    if (service === undefined || result === undefined) {
      throw new ConstitutionError('CX-INTERNAL', 'the gate run ended without a result');
    }
    const environments = await Promise.all(arms.map((arm) => service?.environment(gate.environments[arm])));
    return {
      gate,
      bugs,
      split: options.bugs ? 'all' : gate.split,
      result,
      environments: environments as RunningEnvironment[],
    };
  } finally {
    await vitest.close();
    // vitest says by the exit code that tests failed; here that is the verdict's to say.
    process.exitCode = exitCode;
  }
}

const ARMS: readonly Arm[] = ['baseline', 'candidate'];
