import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCommand } from '../../cli/test-support.ts';
import { ABLATIONS_FILE } from '../../config/ablations.ts';
import { COMPONENTS_FILE } from '../../config/components.ts';
import { PARTIAL_REPORT_FILE, REPORT_FILE } from '../../config/load-eval-report.ts';
import { packageRoot } from '../../config/package-root.ts';
import { SELF_CHECK_FILE } from '../../config/self-check.ts';
import type { AblationTable } from '../../core/ablation.ts';
import type { EvalReport } from '../../core/eval-report.ts';
import { type JsonObject, sha256 } from '../../core/json.ts';
import { splitOf } from '../../core/seeded-bug.ts';
import type { SelfCheck } from '../../core/self-check.ts';
import { ScriptedLm } from '../../gateway/scripted-lm.ts';
import { pythonOfThisRun } from '../python-of-this-run.ts';
import { copyGateProject } from './gate-project.ts';
import { countKept } from './kept-runs.ts';
import { runGate } from './run-gate.ts';

// Whole gates: a busy machine is no failure.
vi.setConfig({ testTimeout: 600_000 });

const GATE = (endpoint: string) => `
environments: { baseline: dspy-2.6.27, candidate: dspy-3.0.1 }
roles:
  coder: { baseline: coder-legacy, candidate: coder-native }
repeats: 2
lm: { model: scripted, endpoint: "${endpoint}", parameters: { temperature: 0.7, max_tokens: 90 } }
ablations:
  version-alone:
    title: the same in the new version
    roles: { coder: { pipeline: coder-legacy, environment: dspy-3.0.1 } }
  same-as-candidate:
    roles: { coder: { pipeline: coder-native, environment: dspy-3.0.1 } }
  no-lm-control:
    roles: { coder: { pipeline: coder-mutants, environment: dspy-3.0.1 } }
`;

const lm = new ScriptedLm();
let bugs: string[];
let tuning: string;
let components: string;
let fixes: { entry: string; buggy: string; fixed: string }[];
let project: Awaited<ReturnType<typeof copyGateProject>>;

beforeAll(async () => {
  const folder = path.join(packageRoot(), 'seeded-bugs', 'coder');
  const known = (await readdir(folder)).sort();
  const ids = known.filter((id) => splitOf(id) === 'test').slice(0, 3);
  bugs = ids.map((id) => `coder/${id}`);
  // Not judged: what stands beside the two arms is not run for it. The last, so that an interruption reaches the others.
  tuning = `coder/${known.filter((id) => splitOf(id) === 'train').at(-1)}`;
  project = await copyGateProject([...bugs, tuning]);
  const read = (id: string, file: string) => readFile(path.join(folder, id, file), 'utf8');
  fixes = await Promise.all(
    ids.map(async (id) => {
      const fixed = await read(id, 'fixed.py');
      return { entry: /def (\w+)/.exec(fixed)?.[1] ?? '', buggy: await read(id, 'buggy.py'), fixed };
    }),
  );
  await lm.start();
  // A model that repairs by chance: the seed and the prompt decide, so that equal requests have equal answers.
  lm.answer = (prompt, request) => {
    const bug = fixes.find(({ entry }) => prompt.includes(`def ${entry}(`));
    const chance = Number.parseInt(sha256(`${request['seed']}${prompt}`).slice(0, 4), 16) / 0x10000;
    return (chance < 0.3 ? bug?.fixed : bug?.buggy) ?? '';
  };
  const inProject = (name: string) => path.join(project.root, name);
  await rm(inProject('eval/recordings'), { recursive: true });
  for (const name of await readdir(inProject('fixtures'))) {
    if (name.endsWith('.fixture.yaml')) await rm(inProject(`fixtures/${name}`));
  }
  // What is around the pipelines would be set going by every gate; the last one is told of it.
  components = await readFile(inProject(COMPONENTS_FILE), 'utf8');
  await rm(inProject(COMPONENTS_FILE));
  await writeFile(inProject('gate.yaml'), GATE(lm.url));
});
afterAll(async () => {
  await lm.stop();
  await project.remove();
});
beforeEach(() => {
  lm.requests = [];
});

const run = (...argv: string[]) => runCommand(project.root, argv);

const json = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(path.join(project.root, name), 'utf8')) as T;
const recordings = async () =>
  (await readdir(path.join(project.root, 'eval', 'recordings'), { recursive: true }))
    .filter((name) => name.endsWith('.json'))
    .sort();
const recorded = async () =>
  Promise.all((await recordings()).map((name) => json<JsonObject>(`eval/recordings/${name}`)));

/** One story: each step needs the recordings of those before it. */
describe('a gate with a model behind it', () => {
  test('Ctrl-C keeps what is done; what is kept is tied to what shaped it; --resume makes the rest only', async () => {
    const record = (keep: 'anew' | 'resume', signal?: AbortSignal) =>
      runGate({
        root: project.root,
        mode: 'record',
        keep,
        workers: 1,
        startPython: pythonOfThisRun,
        ...(signal ? { signal } : {}),
      });
    const interrupt = new AbortController();
    const answer = lm.answer;
    lm.answer = (...asked) => {
      if (lm.requests.length === 14) interrupt.abort();
      return answer(...asked);
    };
    await expect(record('anew', interrupt.signal)).rejects.toMatchObject({
      code: 'CX-RUN-CANCELLED',
      hint: expect.stringContaining('--resume'),
    });
    lm.answer = answer;
    const kept = await countKept(project.root);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(16);
    const first = bugs[0] as string;
    const before = await recordings();
    expect(before).toHaveLength(kept);
    const texts = await recorded();

    // A bug that was changed meanwhile is another bug: its runs are not used.
    const stale = before.filter((name) => name.startsWith(`${first}/`)).length;
    expect(stale).toBeGreaterThan(0);
    expect(stale).toBeLessThan(kept);
    const hidden = path.join(project.root, 'seeded-bugs', first, 'hidden_tests.yaml');
    await writeFile(hidden, `${await readFile(hidden, 'utf8')}# Changed.\n`);

    lm.requests = [];
    const { result } = await record('resume');
    const resumed = result.tests.reduce((sum, ended) => sum + (ended.meta?.resumed ?? 0), 0);
    expect(resumed).toBe(kept - stale);
    expect(result.tests.flatMap((ended) => ended.meta?.runs ?? [])).toHaveLength(16);
    expect(await recordings()).toHaveLength(16);
    // Those of the runs that were used were not recorded again.
    const again = await Promise.all(before.map((name) => json<JsonObject>(`eval/recordings/${name}`)));
    const isStale = before.map((name) => name.startsWith(`${first}/`));
    expect(again.filter((_, at) => !isStale[at])).toEqual(texts.filter((_, at) => !isStale[at]));
    expect(again.map(({ recordedAt }, at) => recordedAt !== texts[at]?.['recordedAt'])).toEqual(isStale);
  });

  test('every run has a recording and seeds of its own', async () => {
    const seeds = (await recorded()).map(({ exchanges }) =>
      (exchanges as { request: { seed: number } }[]).map(({ request }) => request.seed),
    );
    const byArm = (pattern: RegExp) =>
      recordings().then((names) => seeds.filter((_, at) => pattern.test(names[at] as string)));
    for (const arm of [/legacy@.*\.json/, /native@.*\.json/]) {
      const ofBug = await byArm(new RegExp(`${bugs[0]}/coder-${arm.source}`));
      expect(ofBug).toHaveLength(2);
      expect(new Set(ofBug.flat()).size).toBe(ofBug.flat().length);
    }
  });

  test('without a baseline no gate is run that stands on it, and what makes one is said', async () => {
    for (const argv of [['gate'], ['gate', '--ablations'], ['gate', '--self-check'], ['gate', '--lm=auto']]) {
      const { exitCode, stderr } = await run(...argv);
      expect(exitCode).toBe(3);
      expect(stderr).toContain('CX-BASELINE-MISSING');
      expect(stderr).toContain('baseline update');
    }
    expect(lm.requests).toEqual([]);
    // Some bugs decide nothing.
    expect((await run('gate', '--bug', bugs[0] as string)).stdout).toContain(' Verdict ');
    expect((await run('baseline', 'update')).exitCode).toBe(0);
    expect((await run('baseline', 'check')).exitCode).toBe(0);
  });

  test('--self-check --lm=record records a second session with seeds of its own, and leaves the first as it is', async () => {
    const before = await recorded();
    const { exitCode, stdout } = await run('gate', '--self-check', '--lm=record');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/A\/A .*\n {3}sessions .*over 3 bugs × 2/);
    expect(stdout).toContain('false verdicts');
    const names = await recordings();
    const second = names.filter((name) => name.startsWith('session-2/'));
    expect(second).toEqual(
      names
        .filter((name) => name.includes('coder-legacy@') && !name.startsWith('session-2/'))
        .filter((name) => !name.startsWith(`${tuning}/`))
        .map((name) => `session-2/${name}`),
    );
    const all = await recorded();
    expect(all.filter((_, at) => !names[at]?.startsWith('session-2/'))).toEqual(before);
    const seedsOf = (those: JsonObject[]) =>
      those.flatMap(({ exchanges }) =>
        (exchanges as { request: { seed: number } }[]).map((one) => one.request.seed),
      );
    const own = new Set(seedsOf(before));
    const theirs = seedsOf(all.filter((_, at) => names[at]?.startsWith('session-2/')));
    expect(theirs.filter((seed) => own.has(seed))).toEqual([]);

    const check = await json<SelfCheck>(SELF_CHECK_FILE);
    expect(check).toMatchObject({ bugs: 3, repeats: 2, wrong: false, format: 1 });
  });

  test('--ablations --lm=record records what the arms do not share, and the table has every arm', async () => {
    const before = await recordings();
    const { stdout } = await run('gate', '--ablations', '--lm=record');
    const after = await recordings();
    expect(after.filter((name) => !before.includes(name)).map((name) => name.replace(/^.*\//, ''))).toEqual(
      bugs.flatMap(() => ['coder-legacy@dspy-3.0.1.0.json', 'coder-legacy@dspy-3.0.1.1.json']),
    );
    const table = await json<AblationTable>(ABLATIONS_FILE);
    expect(table.rows.map(({ name, role, runs }) => [name, role, runs])).toEqual(
      ['baseline', 'candidate', 'version-alone', 'same-as-candidate', 'no-lm-control'].map((name) => [
        name,
        'coder',
        6,
      ]),
    );
    const row = (name: string) => table.rows.find((one) => one.name === name);
    const { name: _, title: __, ...candidate } = row('candidate') ?? {};
    expect(row('same-as-candidate')).toMatchObject(
      Object.fromEntries(Object.entries(candidate).filter(([key]) => !/interval/i.test(key))),
    );
    expect(row('no-lm-control')).toMatchObject({ tokens: 0, calls: 0, errors: 0, pipeline: 'coder-mutants' });
    expect(row('version-alone')?.title).toBe('the same in the new version');
    expect(stdout).toContain('no-lm-control');
    const report = await json<EvalReport>(REPORT_FILE);
    // No variant has a say in the verdict.
    expect(report.cases.flatMap((one) => [...one.baseline, ...one.candidate])).toHaveLength(16);
    expect(report.ablations).toMatchObject({ rows: table.rows, ageMs: 0, current: true });
    expect(report.selfCheck).toMatchObject({ current: true, wrong: false });
  });

  test('what the candidate alone is made of leaves the baseline as it is; else no gate is run beside it', async () => {
    const change = async (name: string) => {
      const file = path.join(project.root, 'fixtures', 'reference', name);
      await writeFile(file, `${await readFile(file, 'utf8')}\n# Changed.\n`);
    };
    expect((await run('baseline', 'update')).exitCode).toBe(0);
    await change('attempts.py');
    expect((await run('baseline', 'check')).exitCode).toBe(0);
    await change('sampling.py');
    for (const argv of [['gate'], ['gate', '--ablations'], ['gate', '--self-check'], ['gate', '--lm=auto']]) {
      const { exitCode, stderr } = await run(...argv);
      expect(exitCode).toBe(3);
      expect(stderr).toContain('CX-BASELINE-STALE');
      expect(stderr).toContain('baseline update');
    }
    // Nothing but the arm itself, which has to be recorded before a baseline can be made of it.
    expect((await run('gate', '--arm', 'baseline')).exitCode).toBe(0);
    expect((await run('baseline', 'update')).exitCode).toBe(0);
  });

  test('a later gate carries both, and says where they are of other code', async () => {
    const { stdout } = await run('gate');
    const report = await json<EvalReport>(REPORT_FILE);
    // A replay needs neither the model nor what another gate has kept.
    expect(lm.requests).toEqual([]);
    expect(report.resumedRuns).toBe(0);
    expect(await countKept(project.root)).toBe(0);
    expect(report.selfCheck).toMatchObject({ current: false, bugs: 3 });
    expect(report.selfCheck?.ageMs).toBeGreaterThan(0);
    expect(report.ablations?.current).toBe(false);
    expect(stdout).toMatch(/A\/A .* of other code, bugs or settings\) · false verdicts/);
    expect(stdout).toMatch(/ablations {3}5 arms, .*of other code/);
  });

  test('a gate of some bugs leaves the report of all of them, and says where its own is', async () => {
    const whole = await json<EvalReport>(REPORT_FILE);
    const { stdout } = await run('gate', '--bug', bugs[0] as string);
    expect(stdout).toMatch(/^ Verdict .* {3}\.constitution\/partial-report\.json$/m);
    const partial = await json<EvalReport>(PARTIAL_REPORT_FILE);
    expect(partial.cases.map(({ role, bug }) => `${role}/${bug}`)).toEqual([bugs[0]]);
    expect(await json<EvalReport>(REPORT_FILE)).toEqual(whole);
  });

  test('why --changes shows what the last report has', async () => {
    const report = await json<EvalReport>(REPORT_FILE);
    const { exitCode, stdout } = await run('why', '--changes');
    expect(exitCode).toBe(0);
    const { won, lost, kept, flaky } = report.improvement.changes;
    expect(stdout).toMatch(
      new RegExp(
        `^Changes won ${won.length} · lost ${lost.length} · kept ${kept.length} · flaky ${flaky.length} `,
      ),
    );
    const only = JSON.parse((await run('why', '--changes', 'lost', '--json')).stdout) as unknown[];
    expect(only).toHaveLength(lost.length);
  });

  test('ablations may make do with fewer samples than the two arms', async () => {
    await writeFile(path.join(project.root, 'gate.yaml'), `${GATE(lm.url)}ablationRepeats: 1\n`);
    await run('gate', '--ablations');
    const { rows } = await json<AblationTable>(ABLATIONS_FILE);
    expect(rows.map(({ name, bugs, repeats, runs }) => [name, bugs, repeats, runs])).toEqual([
      ['baseline', 3, 2, 6],
      ['candidate', 3, 2, 6],
      ['version-alone', 3, 1, 3],
      ['same-as-candidate', 3, 1, 3],
      ['no-lm-control', 3, 1, 3],
    ]);
  });

  test('a pipeline that tells the model the fix is stopped before it has done so', async () => {
    const [first] = fixes as [(typeof fixes)[0]];
    const inProject = (name: string) => path.join(project.root, name);
    await writeFile(
      inProject('fixtures/telling.py'),
      `import dspy

def build(**params):
    def run(**inputs):
        dspy.Predict("function -> corrected")(function=${JSON.stringify(first.fixed)})
        return {"code": inputs["code"]}
    return run
`,
    );
    const pipelines = await readFile(inProject('fixtures/pipelines.yaml'), 'utf8');
    await writeFile(
      inProject('fixtures/pipelines.yaml'),
      `${pipelines}  coder-telling: { role: coder, entry: "telling:build", inputs: [code], scorer: "reference.scoring:score_coder" }\n`,
    );
    await writeFile(
      inProject('gate.yaml'),
      GATE(lm.url).replace('candidate: coder-native', 'candidate: coder-telling'),
    );
    const { exitCode, stdout } = await run('gate', '--bug', bugs[0] as string, '--lm=auto');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/CX-BUG-LEAK.*\/candidate\/0: the request holds the line of the fix/);
    expect(lm.requests).toEqual([]);
    expect((await recordings()).filter((name) => name.includes('coder-telling'))).toEqual([]);
  });

  test('an ablation that names what does not exist stops before anything runs', async () => {
    const settings = GATE(lm.url).replace('pipeline: coder-mutants', 'pipeline: coder-mutant');
    await writeFile(path.join(project.root, 'gate.yaml'), settings);
    const { exitCode, stderr } = await run('gate', '--ablations');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('there is no pipeline "coder-mutant" for the role coder of no-lm-control');
    expect(stderr).toContain('coder-mutants');
  });

  test('without any bug there is a defined verdict, and the components are told of all the same', async () => {
    await writeFile(path.join(project.root, COMPONENTS_FILE), components);
    await writeFile(path.join(project.root, 'gate.yaml'), GATE(lm.url));
    await rm(path.join(project.root, 'seeded-bugs'), { recursive: true });
    await rm(path.join(project.root, 'eval', 'baseline.json'));
    const { exitCode, stdout } = await run('gate');
    expect(stdout).toContain('There is no bug to judge by.');
    expect(stdout).toContain('INCONCLUSIVE, exit 2');
    expect(exitCode).toBe(2);
    const told = (await json<EvalReport>(REPORT_FILE)).components ?? [];
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ holds }) => !holds)).toEqual([]);
  });
});
