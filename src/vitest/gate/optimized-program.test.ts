import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadGate } from '../../config/gate.ts';
import type { Optimization } from '../../config/optimization.ts';
import { OPTIMIZED_FOLDER, readOptimizations } from '../../config/optimizations.ts';
import { packageRoot } from '../../config/package-root.ts';
import { loadPipelines } from '../../config/pipelines.ts';
import { CATALOGUE_FILE } from '../../config/reflection-catalogue.ts';
import type { ConstitutionError } from '../../core/errors.ts';
import { hashJson, type Json } from '../../core/json.ts';
import { copyGateProject } from './gate-project.ts';
import { refuseStalePrograms, renewalOf } from './optimized-program.ts';

const [made] = readOptimizations(packageRoot()).filter(
  ({ role, optimizer }) => role === 'planner' && optimizer === 'gepa',
);
const bugs = made === undefined ? [] : [...made.train, ...made.validation].map((id) => `planner/${id}`);

let project: Awaited<ReturnType<typeof copyGateProject>>;
beforeEach(async () => {
  project = await copyGateProject(bugs);
  await cp(path.join(packageRoot(), OPTIMIZED_FOLDER), path.join(project.root, OPTIMIZED_FOLDER), {
    recursive: true,
  });
});
afterEach(() => project.remove());

async function refusal(): Promise<ConstitutionError | null> {
  const [gate, pipelines] = await Promise.all([loadGate(project.root), loadPipelines(project.root)]);
  return refuseStalePrograms(project.root, gate, ['planner-optimized', 'planner-native'], pipelines).then(
    () => null,
    (error: unknown) => error as ConstitutionError,
  );
}
const at = (file: string) => path.join(project.root, file);

describe('an optimized program', () => {
  test('of the repository is current, and its bugs are of the splits it may learn from', async () => {
    expect(await refusal()).toBeNull();
    expect(made?.status).toBe('completed');
  });

  test.each([
    ['pipeline', () => appendFile(at('fixtures/reference/planner/native.py'), '# changed\n')],
    ['judge', () => appendFile(at('fixtures/optimizing/planner.py'), '# changed\n')],
    ['catalogue', () => replace(CATALOGUE_FILE, 'Write only the names', 'Write just the names')],
    ['split', () => appendFile(at(`seeded-bugs/${bugs[0]}/bug.yaml`), '# changed\n')],
    ['lock', () => appendFile(at('environments/dspy-3.0.1.lock'), '# changed\n')],
    ['call allowance', () => replace('gate.yaml', 'callAllowance: 6', 'callAllowance: 5')],
  ])('is refused where its %s is another one, with the command that renews it', async (_what, change) => {
    await change();
    const error = await refusal();
    expect(error).toMatchObject({ code: 'CX-OPTIMIZE-STALE' });
    expect(error?.hint).toContain(made && renewalOf(made));
  });

  test('stays current where other pipelines change', async () => {
    await appendFile(at('fixtures/reference/coder/native.py'), '# changed\n');
    await appendFile(at('fixtures/reference/planner/legacy.py'), '# changed\n');
    expect(await refusal()).toBeNull();
  });

  test.each<[string, Partial<Optimization>, string]>([
    ['found nothing', { result: null, status: 'cancelled' }, '(cancelled) has left no program'],
    [
      'kept nothing',
      { programSha256: null, status: 'stopped-by-budget' },
      '(stopped-by-budget) has left no program',
    ],
    [
      'has left another one',
      { programSha256: 'a'.repeat(64) },
      'is not the one that its optimization has left',
    ],
  ])('of before is refused where the last optimization %s', async (_what, changes, message) => {
    const file = at(`${OPTIMIZED_FOLDER}/planner/optimization.json`);
    await writeFile(file, JSON.stringify({ ...made, ...changes }));
    const error = await refusal();
    expect(error).toMatchObject({ code: 'CX-OPTIMIZE-STALE', message: expect.stringContaining(message) });
    expect(error?.hint).toContain(made && renewalOf(made));
  });

  test('that its result vouches for is taken, whatever its white space, and not when it is gone', async () => {
    const program = at(`${OPTIMIZED_FOLDER}/planner/program.json`);
    const text = await readFile(program, 'utf8');
    const programSha256 = hashJson(JSON.parse(text) as Json);
    await writeFile(
      at(`${OPTIMIZED_FOLDER}/planner/optimization.json`),
      JSON.stringify({ ...made, programSha256 }),
    );
    await writeFile(program, JSON.stringify(JSON.parse(text)));
    expect(await refusal()).toBeNull();
    await rm(program);
    expect((await refusal())?.message).toContain('no optimized program');
  });

  test('is made again by the model that reflected', () => {
    if (made === undefined) throw new Error('no optimization of the Planner is recorded');
    const models = { task: 'small', reflection: 'large' };
    expect(renewalOf({ ...made, reflector: 'lm', models })).toContain('--reflection-model large ');
    expect(renewalOf({ ...made, reflector: 'lm', models: { ...models, reflection: 'small' } })).not.toContain(
      '--reflection-model',
    );
  });

  test('of another optimizer that was never made is refused with the command that makes it', async () => {
    await rm(at(`${OPTIMIZED_FOLDER}/planner/miprov2`), { recursive: true, force: true });
    await replace('fixtures/pipelines.yaml', 'program: planner }', 'program: planner/miprov2 }');
    expect((await refusal())?.hint).toContain('optimize planner --optimizer miprov2`');
  });

  test('that was never made is refused as well', async () => {
    await rm(at(`${OPTIMIZED_FOLDER}/planner`), { recursive: true });
    const error = await refusal();
    expect(error).toMatchObject({
      code: 'CX-OPTIMIZE-STALE',
      message: expect.stringContaining('no optimized program'),
    });
    expect(error?.hint).toContain('optimize planner');
  });
});

async function replace(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(at(file), 'utf8');
  expect(text).toContain(from);
  await writeFile(at(file), text.replace(from, to));
}
