import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { startVitest } from 'vitest/node';
import { loadSeededBugs } from '../../config/bugs.ts';
import { type GateConfig, loadGate } from '../../config/gate.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { BudgetLimit } from '../../core/judge-limit.ts';
import type { Arm, GatewayMode } from '../../core/pipeline-run.ts';
import type { SeededBug } from '../../core/seeded-bug.ts';
import { loadDeclaredRuns } from '../declared-runs.ts';
import { constitutionWithHooks } from '../plugin.ts';
import type { RunResult } from '../reporter.ts';
import type { PythonService, RunningEnvironment, StartPython } from '../service.ts';
import { BASELINE_FILE, currentBaseline } from './current-baseline.ts';
import { countKept, forgetKept } from './kept-runs.ts';
import { withOptimized } from './optimized-arm.ts';
import { ownSignals } from './own-signals.ts';
import { pipelineCaps } from './pipeline-caps.ts';
import { type Selection, selectBugs } from './plan.ts';
import { gateArms, type PlannedArm } from './planned-arm.ts';
import { preflight } from './preflight.ts';
import { GateProgress } from './progress.ts';
import type { ProvidedGate } from './provided.ts';
import { projectShape } from './run-shape.ts';
import { GATE_FOLDER, writeTestFiles } from './write-test-files.ts';

/** What a gate run is asked to do. */
export interface GateOptions extends Selection {
  readonly root: string;
  readonly mode: GatewayMode;
  /** Only these arms; both by default. A verdict needs both. */
  readonly arms?: readonly Arm[];
  /** Arms beside the two. */
  readonly variants?: readonly PlannedArm[];
  /** Finished runs are kept until {@link forgetKept}; with `resume`, those kept by an earlier run are used. */
  readonly keep?: 'anew' | 'resume';
  /** One line each about what takes long. */
  readonly note?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Refuses to run without a baseline, or beside one that is older than what it was made from. */
  readonly frozen?: boolean;
  /** See `ServiceOptions`. */
  readonly startPython?: StartPython | undefined;
  /** Parallel test workers; default: one a core. */
  readonly workers?: number;
}

/** What a gate run brought, before it is judged. */
export interface GateRun {
  readonly gate: GateConfig;
  readonly bugs: readonly SeededBug[];
  /** Budgets of the roles whose candidate has an optimized program; none where not both arms ran. */
  readonly pipelineCaps: readonly BudgetLimit[];
  /** The split that is judged: that of `gate.yaml`, or all bugs where a person has chosen them. */
  readonly split: GateConfig['split'];
  readonly result: RunResult;
  /** Of the arms that ran, in their order. */
  readonly environments: readonly RunningEnvironment[];
}

/**
 * Runs the selected seeded bugs as tests in a vitest of their own, without the project's configuration.
 *
 * @throws ConstitutionError for anything wrong before the first test, and CX-RUN-CANCELLED where it was interrupted.
 */
export async function runGate(options: GateOptions): Promise<GateRun> {
  const { root, mode, note = () => undefined, variants = [] } = options;
  const gate = withOptimized(await loadGate(root), process.env);
  const bugs = selectBugs(await loadSeededBugs(root), gate, options);
  const arms = options.arms ?? ARMS;
  const planned = [...gateArms(gate, arms), ...variants];
  // A person who chose bugs, and a baseline in the making, want just these.
  const isWhole = options.bugs === undefined && !options.quick && arms.length === 2;
  await preflight(root, gate, planned);
  const caps = arms.length === 2 ? await pipelineCaps(root, gate) : [];
  if (isWhole) await loadDeclaredRuns(root);
  // A baseline that was deleted would else let through what a stale one does not. Without bugs there is nothing to freeze.
  const isDue = bugs.length > 0 || existsSync(path.join(root, BASELINE_FILE));
  if (options.frozen && isDue) await currentBaseline(root);
  await writeTestFiles(root, bugs, {
    fixtures: isWhole,
    signatures: options.variants === undefined || isWhole,
  });
  const split = options.bugs ? 'all' : gate.split;
  const provided = await providedGate(options, gate, planned, split);

  let service: PythonService | undefined;
  let result: RunResult | undefined;
  const plugin = constitutionWithHooks(
    { mode, reporter: { silent: true, partial: true, thorough: isWhole } },
    {
      note,
      startPython: options.startPython,
      ...(options.signal ? { signal: options.signal } : {}),
      onService: (started) => {
        service = started;
        // Importing DSPy takes seconds: all versions do it now, side by side, while vitest starts its workers.
        for (const name of environmentsOf(planned)) started.environment(name).catch(() => undefined);
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
      passWithNoTests: true,
      // Workers keep what they load from file to file; every run has its own process in Python anyway.
      isolate: false,
      pool: 'forks',
      maxWorkers: options.workers ?? availableParallelism(),
      reporters: [new GateProgress(bugs.length, note)],
      coverage: { enabled: false },
      provide: { gate: provided },
    },
    { plugins: [...(options.signal ? [ownSignals()] : []), plugin], logLevel: 'error' },
  );
  try {
    if (options.signal?.aborted) throw await interrupted(options);
    if (service === undefined || result === undefined) {
      throw new ConstitutionError('CX-INTERNAL', 'the gate run ended without a result');
    }
    const environments = await Promise.all(arms.map((arm) => service?.environment(gate.environments[arm])));
    return {
      gate,
      bugs,
      pipelineCaps: caps,
      split,
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

async function providedGate(
  { root, mode, keep }: GateOptions,
  gate: GateConfig,
  arms: readonly PlannedArm[],
  split: GateConfig['split'],
): Promise<ProvidedGate> {
  if (keep === undefined) return { arms, split };
  if (keep === 'anew') await forgetKept(root);
  const shape = await projectShape(root, gate, mode);
  return { arms, split, keep: { shape, resume: keep === 'resume' } };
}

function environmentsOf(arms: readonly PlannedArm[]): Set<string> {
  return new Set(arms.flatMap((arm) => Object.values(arm.roles).map(({ environment }) => environment)));
}

/** What a person who pressed Ctrl-C is told. */
async function interrupted({ root, keep }: GateOptions): Promise<ConstitutionError> {
  const kept = keep === undefined ? 0 : await countKept(root);
  return new ConstitutionError('CX-RUN-CANCELLED', 'the run was interrupted; nothing was judged', {
    hint:
      kept === 0
        ? 'Start it again.'
        : `${kept} finished runs are kept: the same command with --resume goes on after them.`,
    details: { kept },
  });
}
