import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Optimization } from '../../config/optimization.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { RunCap } from '../../core/optimizer-budget.ts';
import { ScriptedLm } from '../../gateway/scripted-lm.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import type { StartPython } from '../../vitest/service.ts';
import { commandProcess, runCommand } from '../test-support.ts';

/** Bugs of the Coder, by their split. */
export const TRAIN = ['absolute-value', 'all-positive', 'all-unique'] as const;
export const VALIDATION = ['balance', 'clock-from-seconds'] as const;

/** An instruction with which the scripted endpoint repairs everything. */
export const BETTER = 'You repair Python functions with the greatest care.';

/** A judge that asks again and again and swallows every refusal: an optimizer with it does not unwind by itself. */
export const STUBBORN_JUDGE = `import time
import dspy

def judge(case, inputs, output):
    while True:
        try:
            dspy.settings.lm("again")
        except BaseException:
            time.sleep(0.05)
`;

const REFLECTS = 'I provided an assistant with the following instructions';

/** Whether GEPA asks for a better instruction, and not the pipeline for a repair. */
export function isReflection(request: Json | JsonObject): boolean {
  return JSON.stringify(request).includes(REFLECTS);
}

/** A project with a few bugs of the Coder, whose endpoint is a scripted one, for tests with the real GEPA. */
export class CoderProject {
  readonly root: string;
  readonly lm: ScriptedLm;
  readonly #fixed: readonly string[];
  readonly #startPython: StartPython | undefined;
  readonly #remove: () => Promise<void>;

  private constructor(
    root: string,
    lm: ScriptedLm,
    fixed: readonly string[],
    startPython: StartPython | undefined,
    remove: () => Promise<void>,
  ) {
    this.root = root;
    this.lm = lm;
    this.#fixed = fixed;
    this.#startPython = startPython;
    this.#remove = remove;
  }

  /** Outside of a test run, `startPython` has to be given: there is no fork server to share. */
  static async make(bugs: readonly string[], startPython?: StartPython): Promise<CoderProject> {
    const lm = await new ScriptedLm().start();
    const { root, remove } = await copyGateProject(bugs.map((bug) => `coder/${bug}`));
    const fixed = await Promise.all(
      bugs.map((bug) => readFile(path.join(packageRoot(), 'seeded-bugs', 'coder', bug, 'fixed.py'), 'utf8')),
    );
    const gate = await readFile(path.join(root, 'gate.yaml'), 'utf8');
    const endpoint = `lm:\n  endpoint: ${lm.url}\n  model: stub`;
    await writeFile(path.join(root, 'gate.yaml'), gate.replace(/lm:\n {2}model: .*/, endpoint));
    return new CoderProject(root, lm, fixed, startPython, remove);
  }

  async remove(): Promise<void> {
    await this.lm.stop();
    await this.#remove();
  }

  /** As it was made, with an endpoint that answers well. */
  async reset(): Promise<void> {
    this.lm.requests = [];
    this.lm.answer = this.answer;
    await rm(path.join(this.root, '.constitution', 'optimize'), { recursive: true, force: true });
    await rm(path.join(this.root, 'eval', 'optimized'), { recursive: true, force: true });
    await this.budget({});
  }

  /** Reflection is answered with a better instruction, a pipeline that has it with the fix, any other with nonsense. */
  readonly answer = (prompt: string, request: JsonObject): string => {
    if (isReflection(prompt)) return `\`\`\`\n${BETTER}\n\`\`\``;
    if (!JSON.stringify(request['messages']).includes(BETTER)) return 'def nothing():\n    return None';
    return this.repair(prompt);
  };

  /** The fix of the function that a prompt shows last. */
  repair(prompt: string): string {
    const name = [...prompt.matchAll(/def (\w+)\(/g)].at(-1)?.[1];
    return this.#fixed.find((text) => text.includes(`def ${name}(`)) ?? '';
  }

  /** Writes `optimizer_budget.yaml`; `alerts` are its lines of that name, with theirs. */
  async budget(
    caps: Partial<Record<RunCap, number | 'unlimited'>>,
    { alerts = '', onViolation = '[stop, keep-best, alert]' } = {},
  ): Promise<void> {
    const run = {
      calls: 400,
      inputTokens: 900_000,
      outputTokens: 90_000,
      cost: "'unlimited'",
      seconds: 150,
      metricCalls: 12,
      ...caps,
    };
    const lines = Object.entries(run).map(([cap, value]) => `    ${cap}: ${value}`);
    const growth = '{ mean: 0.2, p95: 0.2 }';
    await writeFile(
      path.join(this.root, 'optimizer_budget.yaml'),
      `prices: { currency: EUR, models: { other: { inputPerMillion: 1, outputPerMillion: 1 } } }
${alerts}
default:
  run:
${lines.join('\n')}
  pipeline: { latency: ${growth}, tokens: ${growth} }
  onViolation: ${onViolation}
  outputTokensWithoutLimit: 200
`,
    );
  }

  async optimize(...more: string[]) {
    const argv = ['optimize', 'coder', '--json', '--minibatch', '2', ...more];
    const ended = await runCommand(this.root, argv, {}, this.#startPython);
    const result = ended.stdout === '' ? null : (JSON.parse(ended.stdout) as Optimization);
    return { ...ended, result };
  }

  /** The same as a process of its own. */
  process(...more: string[]) {
    return commandProcess(['optimize', 'coder', '--minibatch', '2', '--root', this.root, ...more]);
  }

  /** A file that the last optimization left. */
  written(file: string): Promise<string> {
    return readFile(path.join(this.root, 'eval', 'optimized', 'coder', file), 'utf8');
  }
}
