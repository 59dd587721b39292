import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { locateEnvironment } from '../bridge/environments/index.ts';
import { ForkServer } from '../bridge/worker/fork-server.ts';
import { WorkerSession } from '../bridge/worker/session.ts';
import type { GateConfig } from '../config/gate.ts';
import { packageRoot } from '../config/package-root.ts';
import type { BugFinding } from '../core/bug-proof.ts';
import type { ErrorCode } from '../core/error-codes.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { SeededBug } from '../core/seeded-bug.ts';

/** Times that every test of a bug is run, each time in a new process: a result that changes is no proof. */
export const REPEATS = 5;

/** For all runs of one bug; each of them has limits of its own in the sandbox. */
const PROOF_TIMEOUT_MS = 60_000;

/** What a prover answers: `Prover(folder, repeats)()` in Python. */
const answerSchema = z.object({
  detail: z.string(),
  findings: z.array(
    z.object({ code: z.string(), message: z.string(), file: z.string(), line: z.int().nullable() }),
  ),
  counts: z.record(z.string(), z.int().min(0)).default({}),
  shape: z.array(z.string()).default([]),
});

export interface ProverAnswer {
  readonly detail: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly BugFinding[];
  /** The form of the bug without its names and values, for comparison with others; empty where there is none. */
  readonly shape: readonly string[];
}

/** A prover's words for what is wrong, and what to do about each. */
const FINDINGS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  fix: ['CX-BUG-FIX', 'Correct the fix, or what the test expects.'],
  passes: ['CX-BUG-PASSES', 'Add hidden tests that the bug fails.'],
  examples: ['CX-BUG-EXAMPLES', 'Change what pipelines are shown, so that it is wrong with the bug.'],
  overlap: ['CX-BUG-OVERLAP', 'Replace the hidden test with a call that pipelines do not see.'],
  unstable: ['CX-BUG-UNSTABLE', 'Leave out what depends on chance, time or the order of a set.'],
  timeout: ['CX-BUG-TIMEOUT', 'Use smaller inputs.'],
  limit: ['CX-BUG-LIMIT', 'Let the program return its result, print little, and not end its process.'],
  refused: [
    'CX-BUG-REFUSED',
    'The sandbox has the standard library, an empty folder and nothing else: no processes, network, files or environment.',
  ],
  form: ['CX-CONFIG-INVALID', "Write a Python literal, e.g. 3, 'text' or [1, 2]."],
};

/** Proves seeded bugs with the provers that `gate.yaml` names, in the baseline's environment. */
export class Provers {
  readonly #root: string;
  readonly #gate: GateConfig;
  readonly #server: ForkServer;
  readonly #signal: AbortSignal;

  private constructor(root: string, gate: GateConfig, server: ForkServer, signal: AbortSignal) {
    this.#root = root;
    this.#gate = gate;
    this.#server = server;
    this.#signal = signal;
  }

  /** Raises CX-ENV-*, CX-WORKER-START and CX-RUN-CANCELLED. */
  static async start(root: string, gate: GateConfig, signal: AbortSignal): Promise<Provers> {
    const environment = await locateEnvironment(root, gate.environments.baseline);
    const workerPath = path.join(packageRoot(), 'python');
    const server = await ForkServer.start({ environment, workerPath, signal, sandboxes: 'fresh' });
    return new Provers(root, gate, server, signal);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /**
   * Proves bugs in parallel, one a core.
   *
   * @param onProof Called with each answer as it is there.
   * @throws ConstitutionError what no bug is at fault for: CX-SANDBOX-UNAVAILABLE, CX-RUN-CANCELLED, CX-WORKER-*.
   */
  async prove(
    bugs: readonly SeededBug[],
    onProof: (bug: SeededBug, answer: ProverAnswer) => void,
  ): Promise<void> {
    await this.#askAll(bugs, REPEATS, onProof);
  }

  /** Reads the shapes of bugs without a proof: nothing of theirs is run. Raises as {@link prove}. */
  async shapes(bugs: readonly SeededBug[]): Promise<Map<SeededBug, readonly string[]>> {
    const shapes = new Map<SeededBug, readonly string[]>();
    await this.#askAll(bugs, 0, (bug, { shape }) => shapes.set(bug, shape));
    return shapes;
  }

  async #askAll(
    bugs: readonly SeededBug[],
    repeats: number,
    onAnswer: (bug: SeededBug, answer: ProverAnswer) => void,
  ): Promise<void> {
    const waiting = bugs.values();
    const askNext = async () => {
      const session = await WorkerSession.connect(this.#server.socketPath);
      try {
        for (const bug of waiting) onAnswer(bug, await this.#ask(session, bug, repeats));
      } finally {
        session.close();
      }
    };
    await Promise.all(Array.from({ length: os.availableParallelism() }, askNext));
  }

  async #ask(session: WorkerSession, bug: SeededBug, repeats: number): Promise<ProverAnswer> {
    const entry = this.#gate.roles[bug.role]?.prover;
    if (entry === undefined) {
      return unproven(bug, 'CX-CONFIG-REFERENCE', `gate.yaml names no prover for ${bug.role}`);
    }
    try {
      const { output } = await session.run(
        {
          root: path.join(this.#root, 'fixtures'),
          entry,
          runId: `prove/${bug.role}/${bug.id}`,
          params: { folder: path.resolve(this.#root, bug.folder), repeats },
          inputs: {},
          lm: null,
        },
        { timeoutMs: PROOF_TIMEOUT_MS, signal: this.#signal },
      );
      const parsed = answerSchema.safeParse(output);
      if (parsed.success) return translated(bug, parsed.data);
      return unproven(bug, 'CX-PIPELINE-OUTPUT', `the prover ${entry} answered ${JSON.stringify(output)}`);
    } catch (error) {
      if (!(error instanceof ConstitutionError) || !BUGS_OWN.has(error.code)) throw error;
      return unproven(bug, error.code, error.message);
    }
  }
}

/** Errors of one proof that leave the others as they are. */
const BUGS_OWN: ReadonlySet<ErrorCode> = new Set([
  'CX-RUN-TIMEOUT',
  'CX-PIPELINE-RAISED',
  'CX-PIPELINE-OUTPUT',
  'CX-WORKER-DIED',
]);

function translated(bug: SeededBug, answer: z.output<typeof answerSchema>): ProverAnswer {
  const { detail, counts, shape } = answer;
  const findings = answer.findings.map(({ code, message, file, line }): BugFinding => {
    const [known, hint] = FINDINGS[code] ?? ['CX-BUG-INVALID', null];
    return {
      code: known,
      message,
      place: { file: `${bug.folder}/${file}`, ...(line === null ? {} : { line }) },
      hint,
    };
  });
  return { detail, counts, findings, shape };
}

function unproven(bug: SeededBug, code: ErrorCode, message: string): ProverAnswer {
  return {
    detail: message,
    counts: {},
    findings: [{ code, message, place: { file: bug.folder }, hint: null }],
    shape: [],
  };
}
