import path from 'node:path';
import { z } from 'zod';
import { locateEnvironment } from '../bridge/environments/index.ts';
import { runCommand } from '../bridge/environments/run-command.ts';
import { loadGate } from '../config/gate.ts';
import { packageRoot } from '../config/package-root.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { SourceFiles } from './source-tree.ts';

/** For one program: its tests are run in the sandbox, and its candidates on bug and fix; each has limits of its own. */
const TIMEOUT_MS = 180_000;

interface Common {
  /** Every file, with the fix. */
  readonly files: SourceFiles;
  readonly roots: readonly string[];
  /** Python test files among `files`, and files of JSON cases. */
  readonly tests: readonly string[];
  readonly cases?: readonly string[];
  /** Hidden tests to be, in their own form. */
  readonly given?: readonly MadeCase[];
  readonly entry?: string | undefined;
}

/** What the Python side is asked: the bug that a fix repairs, or a planted one. */
export type MakeRequest =
  | (Common & {
      readonly do: 'pair';
      /** Files that were others before the fix, and those that were not there. */
      readonly before: SourceFiles;
      readonly missing?: readonly string[];
      /** Files of which only some lines are known. */
      readonly partial?: readonly string[];
      /** Files that the fix may have changed; `also` hold the same program as they do. */
      readonly paths: readonly string[];
      readonly also?: readonly string[];
    })
  | (Common & {
      readonly do: 'mutate';
      readonly path: string;
      readonly kind?: string | undefined;
      readonly seed: number;
    });

const testCase = z.union([
  z.strictObject({ call: z.string(), expect: z.string(), within: z.number().exactOptional() }),
  z.strictObject({ call: z.string(), raises: z.string() }),
]);
const bugSchema = z.object({
  entry: z.string(),
  buggy: z.string(),
  fixed: z.string(),
  line: z.int().min(1),
  kind: z.string(),
  examples: z.array(testCase),
  hidden: z.array(testCase),
  failing: z.int().min(0),
  shown: z.boolean(),
  why: z.string().nullable(),
  left: z.array(z.object({ where: z.string(), why: z.string() })),
});
const answerSchema = z.union([
  z.object({ bug: bugSchema, what: z.string().nullable() }),
  z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      file: z.string().nullable(),
      line: z.int().nullable(),
    }),
  }),
]);

/** A call and what is expected of it, as `hidden_tests.yaml` has them. */
export type MadeCase = z.output<typeof testCase>;

/** What was made. Where `why` is not null it is a draft, and `why` says what is missing. */
export interface MadeBug extends z.output<typeof bugSchema> {
  /** What was planted, in words; null for a bug that was there. */
  readonly what: string | null;
}

/** Why a request cannot be answered at all. */
export interface NoBug {
  readonly why: string;
  readonly file: string | null;
  readonly line: number | null;
}

/** Makes seeded bugs of programs and tests; what is executed of them runs in the sandbox. */
export class BugMaker {
  readonly #environment: PythonEnvironment;
  readonly #signal: AbortSignal;

  private constructor(environment: PythonEnvironment, signal: AbortSignal) {
    this.#environment = environment;
    this.#signal = signal;
  }

  /** Uses the baseline's environment. Raises CX-CONFIG-* and CX-ENV-*. */
  static async of(root: string, signal: AbortSignal): Promise<BugMaker> {
    const gate = await loadGate(root);
    return new BugMaker(await locateEnvironment(root, gate.environments.baseline), signal);
  }

  /** @throws ConstitutionError CX-SANDBOX-UNAVAILABLE, CX-RUN-CANCELLED, CX-BUG-SOURCE where Python itself gave up. */
  async make(request: MakeRequest): Promise<MadeBug | NoBug> {
    const { python, processEnv } = this.#environment;
    const script = path.join(packageRoot(), 'python', 'constitution_bugs', '__main__.py');
    const sandbox = process.env['CONSTITUTION_SANDBOX'];
    const text = await runCommand(python, [script], {
      env: { ...processEnv, ...(sandbox === undefined ? {} : { CONSTITUTION_SANDBOX: sandbox }) },
      input: JSON.stringify(request),
      signal: this.#signal,
      timeoutMs: TIMEOUT_MS,
      failure: { code: 'CX-BUG-SOURCE', message: 'the program could not be taken apart' },
    });
    const answer = answerSchema.parse(JSON.parse(text));
    if ('bug' in answer) return { ...answer.bug, what: answer.what };
    const { code, message, file, line } = answer.error;
    if (code === 'CX-SANDBOX-UNAVAILABLE') {
      throw new ConstitutionError(code, message, {
        hint: 'CONSTITUTION_SANDBOX=off runs it unprotected.',
      });
    }
    return { why: message, file, line };
  }
}

/** Whether nothing at all could be made. */
export function isNoBug(made: MadeBug | NoBug): made is NoBug {
  return !('entry' in made);
}
