import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Optimization, optimizationSchema } from '../../config/optimization.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { RunCap } from '../../core/optimizer-budget.ts';
import { ownSpender } from '../../gateway/ledger/spender.ts';
import { ScriptedLm } from '../../gateway/scripted-lm.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { runCommand } from '../test-support.ts';
import { BETTER, STUBBORN_JUDGE } from './test-support.ts';

/** Three of the train split and two of the validation split. */
const BUGS = ['absolute-value', 'all-positive', 'all-unique', 'balance', 'clock-from-seconds'];
/** Twelve calls score the pipeline on the validation split, twelve on a minibatch, and one reflects. */
const CAP = 26;
const LIMIT_MS = 180_000;
/** Answers made at once, where nothing is said. */
const THREADS = 2;

let lm: ScriptedLm;
let project: Awaited<ReturnType<typeof copyGateProject>>;
let fixed: string[];
beforeAll(async () => {
  lm = await new ScriptedLm().start();
  project = await copyGateProject(BUGS.map((bug) => `coder/${bug}`));
  fixed = await Promise.all(
    BUGS.map((bug) => readFile(path.join(packageRoot(), 'seeded-bugs', 'coder', bug, 'fixed.py'), 'utf8')),
  );
  const gate = await readFile(path.join(project.root, 'gate.yaml'), 'utf8');
  const endpoint = `lm:\n  endpoint: ${lm.url}\n  model: stub`;
  await writeFile(path.join(project.root, 'gate.yaml'), gate.replace(/lm:\n {2}model: .*/, endpoint));
});
afterAll(async () => {
  await lm.stop();
  await project.remove();
});
beforeEach(async () => {
  lm.requests = [];
  lm.answer = answer;
  await rm(path.join(project.root, '.constitution', 'optimize'), { recursive: true, force: true });
  await rm(path.join(project.root, 'eval', 'optimized'), { recursive: true, force: true });
  await budget({});
});

/** Reflection is answered with a better instruction, a pipeline that has it with the fix, any other with nonsense. */
function answer(prompt: string, request: JsonObject): string {
  if (isReflection(prompt)) return `\`\`\`\n${BETTER}\n\`\`\``;
  if (!JSON.stringify(request['messages']).includes(BETTER)) return 'def nothing():\n    return None';
  const name = [...prompt.matchAll(/def (\w+)\(/g)].at(-1)?.[1];
  return fixed.find((text) => text.includes(`def ${name}(`)) ?? '';
}
const isReflection = (prompt: string) =>
  prompt.includes('I provided an assistant with the following instructions');

async function budget(caps: Partial<Record<RunCap, number>>, onViolation = '[stop, keep-best, alert]') {
  const run = {
    calls: 400,
    inputTokens: 900_000,
    outputTokens: 90_000,
    cost: "'unlimited'",
    seconds: 150,
    metricCalls: 24,
  };
  const lines = Object.entries({ ...run, ...caps }).map(([cap, value]) => `    ${cap}: ${value}`);
  const growth = '{ mean: 0.2, p95: 0.2 }';
  await writeFile(
    path.join(project.root, 'optimizer_budget.yaml'),
    `prices: { currency: EUR, models: { other: { inputPerMillion: 1, outputPerMillion: 1 } } }
default:
  run:
${lines.join('\n')}
  pipeline: { latency: ${growth}, tokens: ${growth} }
  onViolation: ${onViolation}
  outputTokensWithoutLimit: 200
`,
  );
}

async function optimize(...more: string[]) {
  const ended = await runCommand(project.root, ['optimize', 'coder', '--json', '--minibatch', '2', ...more]);
  const result = ended.stdout === '' ? null : (JSON.parse(ended.stdout) as Optimization);
  return { ...ended, result };
}
const written = (file: string) =>
  readFile(path.join(project.root, 'eval', 'optimized', 'coder', file), 'utf8');

describe('optimize, with the real GEPA', () => {
  test(
    'finds what is better, and leaves program, candidates, seeds, versions and costs',
    async () => {
      const { exitCode, result, stderr } = await optimize('--seed', '3');
      expect([exitCode, stderr.includes('error')]).toEqual([0, false]);
      expect(optimizationSchema.parse(JSON.parse(await written('optimization.json')))).toEqual(result);
      expect(result).toMatchObject({
        status: 'completed',
        stoppedBy: null,
        pipeline: 'coder-native',
        seed: 3,
        train: BUGS.slice(0, 3),
        validation: BUGS.slice(3),
        result: { versions: { dspy: '3.0.1', gepa: '0.0.4' } },
      });
      const found = result?.result;
      expect(found?.candidates[0]?.score).toBe(0);
      expect(found?.candidates[found.best]?.score).toBeGreaterThan(0);
      // DSPy's own form, by the paths of the pipeline's predictors
      const program = JSON.parse(await written('program.json')) as Record<
        string,
        { signature: { instructions: string } }
      >;
      expect(Object.keys(program)).toContain('best.module.whole');
      const instructions = Object.values(program).flatMap(({ signature }) => signature?.instructions ?? []);
      expect(instructions).toContain(BETTER);
      // what the ledger says is what the endpoint saw
      expect(result?.spent).toMatchObject({
        calls: lm.requests.length,
        inputTokens: 10 * lm.requests.length,
        cost: null,
      });
      expect(lm.requests.filter((request) => isReflection(JSON.stringify(request))).length).toBeGreaterThan(
        0,
      );
    },
    LIMIT_MS,
  );

  test(
    'is stopped by its budget with the best so far, and goes on with a raised cap without paying twice',
    async () => {
      await budget({ calls: CAP });
      const first = await optimize();
      expect(first.exitCode).toBe(1);
      expect(first.result).toMatchObject({
        status: 'stopped-by-budget',
        stoppedBy: 'calls',
        endedBy: 'itself',
        spent: { calls: CAP },
        result: { candidates: [{ score: 0, scores: [0, 0] }] },
      });
      expect(first.result?.events.map(({ kind, cap }) => `${kind} ${cap}`)).toEqual([
        'warning calls',
        'violation calls',
      ]);
      expect(first.stderr).toContain('budget of coder: STOPPED: 26 of 26 LM calls');
      expect(JSON.parse(await written('program.json'))).toHaveProperty(['best.module.whole']);
      expect(lm.requests).toHaveLength(CAP);

      await budget({ calls: 300 });
      const second = await optimize('--resume');
      expect(second.exitCode).toBe(0);
      expect(second.result?.spent.calls).toBe(lm.requests.length);
      expect(second.result?.result?.candidates.at(-1)?.score).toBeGreaterThan(0);
      expect(second.result?.result?.candidates[0]?.scores).toEqual([0, 0]);
      expect(second.result?.result?.evaluations).toBeGreaterThan(first.result?.result?.evaluations ?? 0);
      // what the pipeline as it was scored on the validation split is known: six calls for each bug
      const ofValidation = fixed.slice(3).map((text) => /def \w+\(/.exec(text)?.[0] as string);
      const scoring = ({ messages }: JsonObject) =>
        ofValidation.some((head) => JSON.stringify((messages as Json[]).at(-1)).includes(head)) &&
        !JSON.stringify(messages).includes(BETTER);
      expect(lm.requests.slice(0, CAP).filter(scoring)).toHaveLength(12);
      expect(lm.requests.slice(CAP).filter(scoring)).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'an endpoint that always fails is no optimizer at work: it is ended, and its calls are counted',
    async () => {
      lm.answer = () => 500;
      const { exitCode, result } = await optimize();
      expect(exitCode).toBe(3);
      expect(result).toMatchObject({
        status: 'failed',
        error: { code: 'CX-OPTIMIZE-STALLED' },
        spent: { calls: lm.requests.length, outputTokens: 0, metricCalls: 0 },
      });
    },
    LIMIT_MS,
  );

  test(
    'or its budget ends it before that',
    async () => {
      lm.answer = () => 500;
      await budget({ calls: 15 });
      const { exitCode, result } = await optimize();
      expect(exitCode).toBe(1);
      expect(result).toMatchObject({ status: 'stopped-by-budget', stoppedBy: 'calls', endedBy: 'itself' });
      expect(lm.requests).toHaveLength(15);
    },
    LIMIT_MS,
  );

  test(
    'kill -9 loses neither the money that was spent nor what was found',
    async () => {
      const main = path.join(packageRoot(), 'src', 'cli', 'optimize', 'testdata', 'optimize.ts');
      const argv = ['optimize', 'coder', '--minibatch', '2', '--root', project.root];
      const killed = execa(
        process.execPath,
        ['-e', `import('vite').then((vite) => vite.runnerImport(${JSON.stringify(main)}))`],
        { cwd: packageRoot(), reject: false, env: { COMMAND_LINE: JSON.stringify(argv) } },
      );
      await expect.poll(() => lm.requests.length, { timeout: LIMIT_MS, interval: 5 }).toBeGreaterThan(14);
      killed.kill('SIGKILL');
      await killed;
      const paid = lm.requests.length;
      const { exitCode, result } = await optimize('--resume');
      expect(exitCode).toBe(0);
      // A call that was granted and had not left when the process was killed is paid for: at most one a thread.
      const unseen = (result?.spent.calls ?? 0) - lm.requests.length;
      expect(unseen).toBeGreaterThanOrEqual(0);
      expect(unseen).toBeLessThanOrEqual(THREADS);
      expect(lm.requests.length).toBeGreaterThan(paid);
      expect(result?.result?.candidates.at(-1)?.score).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  test(
    'with `alert` alone, a cap is told and not enforced; without `keep-best`, no program is left',
    async () => {
      await budget({ calls: 13 }, '[alert]');
      const watched = await optimize();
      // Another thread's call can be granted before the alert is told.
      const told = /budget of coder: ALERT: (\d+) of 13 LM calls/.exec(watched.stderr)?.[1];
      expect(Number(told)).toBeGreaterThanOrEqual(13);
      expect(Number(told)).toBeLessThan(13 + THREADS);
      expect(watched.result).toMatchObject({ status: 'completed', stoppedBy: null });
      expect(watched.result?.spent.calls).toBeGreaterThan(13);
      await rm(path.join(project.root, 'eval', 'optimized'), { recursive: true });
      await budget({ calls: CAP }, '[stop]');
      const stopped = await optimize();
      expect(stopped.result?.status).toBe('stopped-by-budget');
      expect(stopped.stderr).not.toContain('STOPPED');
      await expect(written('program.json')).rejects.toThrow('ENOENT');
    },
    LIMIT_MS,
  );

  test(
    'reflection that always fails ends with what there is',
    async () => {
      lm.answer = (prompt, request) => (isReflection(prompt) ? 500 : answer(prompt, request));
      const { result } = await optimize();
      expect(result?.status).toMatch(/completed|stopped-by-budget/);
      expect(result?.result?.best).toBe(0);
      expect(JSON.parse(await written('program.json'))).toHaveProperty(['best.module.whole']);
    },
    LIMIT_MS,
  );

  test(
    'the Planner is optimized as well, and reflection is told what is wrong in words, of no hidden test',
    async () => {
      const planner = await copyGateProject(['planner/airport-gate', 'planner/combine-harvester']);
      try {
        for (const file of ['gate.yaml', 'optimizer_budget.yaml'])
          await copyFile(path.join(project.root, file), path.join(planner.root, file));
        lm.answer = (prompt) => (isReflection(prompt) ? '```\nRead slowly.\n```' : 'hm');
        const { exitCode } = await runCommand(planner.root, ['optimize', 'planner', '--minibatch', '1']);
        expect(exitCode).toBeLessThan(2);
        const told = lm.requests.map((request) => JSON.stringify(request)).filter(isReflection);
        expect(told.join('\n')).toMatch(/The plan is wrong: |There is no plan: /);
        const saved = path.join(planner.root, 'eval', 'optimized', 'planner', 'program.json');
        expect(JSON.parse(await readFile(saved, 'utf8'))).toHaveProperty(['read.order']);
      } finally {
        await planner.remove();
      }
    },
    LIMIT_MS,
  );

  test(
    'the watchdog ends an optimizer that does not unwind',
    async () => {
      await writeFile(path.join(project.root, 'fixtures', 'optimizing', 'stubborn.py'), STUBBORN_JUDGE);
      await budget({ calls: 40 });
      const { exitCode, result } = await optimize('--judge', 'optimizing.stubborn:judge');
      expect(exitCode).toBe(1);
      expect(result).toMatchObject({
        status: 'stopped-by-budget',
        stoppedBy: 'calls',
        endedBy: 'watchdog',
        spent: { calls: 40 },
        result: null,
      });
    },
    LIMIT_MS,
  );
});

describe('refused', () => {
  test.each([
    ['an unknown role', ['optimize', 'codr'], 'CX-CONFIG-REFERENCE', 'Did you mean "coder"?'],
    ['a role without bugs to learn from', ['optimize', 'planner'], 'CX-OPTIMIZE-SETUP', 'bugs list'],
    ['nothing to go on with', ['optimize', 'coder', '--resume'], 'CX-OPTIMIZE-RESUME', 'Begin one with'],
    ['a seed that is none', ['optimize', 'coder', '--seed', '-1'], 'whole number from 0', ''],
    [
      'reflection without a model',
      ['optimize', 'coder', '--reflection-endpoint', 'http://127.0.0.1:9/v1'],
      'CX-USAGE',
      '--reflection-model',
    ],
  ])(
    '%s',
    async (_name, argv, code, hint) => {
      const { exitCode, stderr } = await runCommand(project.root, argv);
      expect(exitCode).toBe(3);
      expect(stderr).toContain(code);
      expect(stderr).toContain(hint);
      expect(lm.requests).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'to go on with other sources, and beside another process',
    async () => {
      await budget({ calls: 13 });
      expect((await optimize()).exitCode).toBe(1);
      expect((await optimize('--resume', '--seed', '9')).stderr).toContain('CX-OPTIMIZE-RESUME');
      const claim = path.join(project.root, '.constitution', 'optimize', 'coder', 'claim.json');
      await writeFile(claim, JSON.stringify(ownSpender()));
      expect((await optimize('--resume')).stderr).toContain('CX-OPTIMIZE-BUSY');
      await writeFile(claim, JSON.stringify({ pid: process.pid, startedAt: 'another' }));
      expect((await optimize('--resume')).result?.status).toBe('stopped-by-budget');
    },
    LIMIT_MS,
  );
});
