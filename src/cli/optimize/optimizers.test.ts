import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { Optimization } from '../../config/optimization.ts';
import { OPTIMIZER_BUDGET_FILE } from '../../config/optimizer-budget.ts';
import { packageRoot } from '../../config/package-root.ts';
import { CATALOGUE_FILE } from '../../config/reflection-catalogue.ts';
import { runCommand } from '../test-support.ts';
import { CoderProject, TRAIN, VALIDATION } from './test-support.ts';

// Real optimizers: a busy machine is no failure.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const ARGV = ['coder', '--minibatch', '2', '--budget', 'tiny'];

let project: CoderProject;
let lm: CoderProject['lm'];
beforeAll(async () => {
  project = await CoderProject.make([...TRAIN, VALIDATION[0]]);
  lm = project.lm;
  const budget = await readFile(path.join(packageRoot(), OPTIMIZER_BUDGET_FILE), 'utf8');
  await writeFile(
    path.join(project.root, OPTIMIZER_BUDGET_FILE),
    budget.replace('cost: 5.00', 'cost: unlimited'),
  );
});
afterAll(() => project.remove());
beforeEach(async () => {
  lm.requests = [];
  lm.answer = () => 'def nothing():\n    return None';
  for (const folder of ['.constitution/optimize', 'eval/optimized', 'eval/recordings/optimize'])
    await rm(path.join(project.root, folder), { recursive: true, force: true });
});

async function optimize(...more: string[]) {
  const ended = await runCommand(project.root, ['optimize', ...ARGV, '--json', ...more]);
  return { ...ended, result: ended.stdout === '' ? null : (JSON.parse(ended.stdout) as Optimization) };
}

const savedDemos = async (folder: string) => {
  const text = await readFile(path.join(project.root, 'eval', 'optimized', folder, 'program.json'), 'utf8');
  return JSON.parse(text) as Record<string, { demos: Record<string, unknown>[] }>;
};

describe('the catalogue', () => {
  test('answers reflection without a language model, is called what it is, and GEPA decides by score', async () => {
    const catalogue = parse(await readFile(path.join(project.root, CATALOGUE_FILE), 'utf8')) as {
      roles: { coder: { kind: string; fragments: { add?: string; instead?: string }[] }[] };
    };
    const against = catalogue.roles.coder.find(({ kind }) => kind === 'other-signature')?.fragments ?? [];
    const fragments = against.map(({ add = '', instead }) => instead ?? add);
    // A model that is right as soon as an instruction says one of the fragments for what was wrong.
    lm.answer = (prompt, request) =>
      fragments.some((text) => JSON.stringify(request['messages']).includes(text))
        ? project.repair(prompt)
        : 'def nothing():\n    return None';
    const { result } = await optimize('--reflector', 'catalogue');
    expect(result).toMatchObject({
      reflector: 'catalogue',
      budget: 'tiny',
      models: { task: 'stub', reflection: null },
    });
    expect(JSON.stringify(lm.requests)).not.toContain('I provided an assistant');
    const found = result?.result;
    const best = found?.candidates[found.best];
    expect([found?.candidates[0]?.score, best?.score]).toEqual([0, 1]);
    expect(Object.values(best?.instructions ?? {}).join('\n')).toMatch(
      new RegExp(fragments.join('|').replaceAll('.', '\\.')),
    );
  });

  test('proposes the same for the same seed, and says in its result that it is no language model', async () => {
    const instructions = async () => {
      const { result } = await optimize('--reflector', 'catalogue', '--seed', '5');
      return result?.result?.candidates.map((candidate) => candidate.instructions);
    };
    const first = await instructions();
    expect(await instructions()).toEqual(first);
    const { stdout } = await runCommand(project.root, ['optimize', ...ARGV, '--reflector', 'catalogue']);
    expect(stdout).toContain('with GEPA (reflector: catalogue, no language model)');
  });
});

describe('other optimizers, under the same budgets', () => {
  test('LabeledFewShot takes worked examples from the train split, and the pipeline shows these', async () => {
    const { exitCode, result } = await optimize('--optimizer', 'labeled-few-shot');
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      optimizer: 'labeled-few-shot',
      reflector: null,
      models: { reflection: null },
    });
    const demos = result?.result?.candidates[1]?.demos?.['best.module.whole'] ?? [];
    expect(demos).toHaveLength(2);
    for (const { corrected } of demos) {
      const shown = lm.requests.filter((request) =>
        JSON.stringify(request).includes(JSON.stringify(corrected)),
      );
      expect(shown.length).toBeGreaterThan(0);
    }
    // what scored no better than the pipeline as it was is not what is saved
    expect(result?.result?.best).toBe(0);
    expect((await savedDemos('coder/labeled-few-shot'))['best.module.whole']?.demos).toEqual([]);
  });

  test('BootstrapFewShot takes calls that led to a right answer, of the predictor that made them', async () => {
    lm.answer = (prompt) =>
      prompt.includes('???') ? project.repair(prompt) : 'def nothing():\n    return None';
    const { exitCode, result } = await optimize('--optimizer', 'bootstrap-few-shot');
    expect(exitCode).toBe(0);
    const demos = result?.result?.candidates[1]?.demos ?? {};
    expect(Object.keys(demos)).toEqual(['best.module.masked']);
    expect(demos['best.module.masked']).toHaveLength(2);
    expect(demos['best.module.masked']?.[0]).toMatchObject({
      augmented: true,
      masked: expect.stringContaining('???'),
    });
  });

  test('MIPROv2 has instructions written from bugs of the train split, of which it shows nothing of this machine', async () => {
    const written = 'Read the docstring twice.';
    lm.answer = (prompt, request) => {
      const field = /starting with the field `(\[\[ ## \w+ ## \]\])`/.exec(prompt)?.[1];
      if (field !== undefined) return `${field}\n${written}\n\n[[ ## completed ## ]]`;
      const told = JSON.stringify(request['messages']).includes(written);
      return told ? project.repair(prompt) : 'def nothing():\n    return None';
    };
    const { exitCode, result } = await optimize('--optimizer', 'miprov2');
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ reflector: 'lm', models: { reflection: 'stub' } });
    const found = result?.result;
    const best = found?.candidates[found.best];
    expect([found?.candidates[0]?.score, best?.score]).toEqual([0, 1]);
    expect(Object.values(best?.instructions ?? {})).toContain(written);
    const asked = JSON.stringify(lm.requests);
    expect(asked).toContain('Sample data points from the dataset');
    expect(asked).not.toContain(project.root);
  });

  test('a budget stops them, and what was scored is kept', async () => {
    const file = path.join(project.root, OPTIMIZER_BUDGET_FILE);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('tiny: { calls: 200', 'tiny: { calls: 9'));
    const { exitCode, result } = await optimize('--optimizer', 'labeled-few-shot').finally(() =>
      writeFile(file, text),
    );
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({ status: 'stopped-by-budget', stoppedBy: 'calls', spent: { calls: 9 } });
    expect(result?.result?.candidates).toHaveLength(1);
  });
});

describe('a replay', () => {
  test('asks nobody, comes to the same result, and pays nothing', async () => {
    const recorded = await optimize('--reflector', 'catalogue', '--lm=record');
    const asked = lm.requests.length;
    const replayed = await optimize('--reflector', 'catalogue', '--lm=replay');
    expect(lm.requests).toHaveLength(asked);
    expect(replayed.exitCode).toBe(recorded.exitCode);
    expect(replayed.result).toEqual(recorded.result);
  });

  test('is refused where it asks what was not recorded, or finds something else', async () => {
    await optimize('--optimizer', 'labeled-few-shot', '--lm=record');
    const file = path.join(project.root, 'eval/optimized/coder/labeled-few-shot/optimization.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"score": 0', '"score": 1'));
    const other = await optimize('--optimizer', 'labeled-few-shot', '--lm=replay');
    expect([other.exitCode, other.stderr]).toEqual([3, expect.stringContaining('CX-OPTIMIZE-REPLAY')]);
    await writeFile(file, text);
    const seed = await optimize('--optimizer', 'labeled-few-shot', '--lm=replay', '--seed', '7');
    expect(seed.exitCode).toBe(3);
    expect(seed.stderr + seed.stdout).toContain('CX-GATEWAY-MISS');
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});

describe('refused', () => {
  test.each([
    ['an unknown budget', ['--budget', 'smal'], 'Did you mean "small"?'],
    ['to go on with what keeps no state', ['--optimizer', 'miprov2', '--resume'], 'begin it anew'],
    ['an unknown optimizer', ['--optimizer', 'copro'], 'labeled-few-shot'],
  ])('%s', async (_name, more, hint) => {
    const { exitCode, stderr } = await optimize(...more);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(hint);
    expect(lm.requests).toEqual([]);
  });
});
