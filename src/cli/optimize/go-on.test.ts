import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ConstitutionError } from '../../core/errors.ts';
import { ONE_ANSWER } from '../../core/spending/amounts.ts';
import { Ledger } from '../../gateway/ledger/ledger.ts';
import { runCommand } from '../test-support.ts';
import { commandOf, DEFAULTS, type OptimizeOptions } from './options.ts';
import { type OptimizePlan, planOptimization } from './plan.ts';
import { CoderProject } from './test-support.ts';
import { claimFolder, emptyFolder, filesOf } from './work-folder.ts';

/** Two of the train split and one of the validation split. */
const BUGS = ['absolute-value', 'all-positive', 'balance'];
const CAP = 2;

let project: CoderProject;
beforeAll(async () => {
  project = await CoderProject.make(BUGS);
});
afterAll(() => project.remove());
beforeEach(() => project.reset());

const options: OptimizeOptions = { ...DEFAULTS, seed: 3 };

/** What is left of an optimization that has used up its calls, and told so. */
async function spentToTheEnd(): Promise<OptimizePlan> {
  await project.budget({ calls: CAP });
  const plan = await planOptimization(project.root, 'coder', options);
  const release = await claimFolder(plan, false);
  await emptyFolder(plan, commandOf('coder', options));
  const ledger = new Ledger({ file: filesOf(plan.folder).ledger, caps: plan.budget.run, enforced: true });
  for (let call = 0; call < CAP; call++) (await ledger.reserve(ONE_ANSWER, 'r')).settle(ONE_ANSWER, false);
  await expect(ledger.reserve(ONE_ANSWER, 'r')).rejects.toMatchObject({ code: 'CX-BUDGET-SPENT' });
  ledger.close();
  release();
  return plan;
}

function resume(...more: string[]) {
  const argv = ['optimize', 'coder', '--resume', '--seed', '3', ...more];
  return runCommand(project.root, argv, {}, () => {
    throw new ConstitutionError('CX-INTERNAL', 'Python was asked for');
  });
}

// An optimizer that does not unwind would never end there: the violation that sets the watchdog on it was told before.
test('to go on where no cap was raised ends at once, and starts no optimizer', async () => {
  await spentToTheEnd();
  const { exitCode, stdout, stderr } = await resume();
  expect([exitCode, stdout.split('\n')[0]]).toEqual([
    1,
    'Optimizing coder (coder-native) with GEPA: stopped-by-budget, LM calls',
  ]);
  expect(stdout).toContain(
    'next        raise the cap on calls in optimizer_budget.yaml, then optimize coder --seed 3 --resume',
  );
  expect(stderr).toContain('budget of coder: at most 0 of 2 LM calls · ');
  expect(stderr).not.toContain('CX-INTERNAL');
  expect(JSON.parse(await project.written('optimization.json'))).toMatchObject({
    stoppedBy: 'calls',
    error: { code: 'CX-BUDGET-SPENT' },
    spent: { calls: CAP },
    programSha256: null,
  });
});

test('a result that cannot be written is told, with where it is and how it is tried again', async () => {
  await spentToTheEnd();
  await writeFile(path.join(project.root, 'eval', 'optimized'), 'in the way');
  const { exitCode, stdout, stderr } = await resume();
  expect([exitCode, stdout.split(':')[0]]).toEqual([3, 'Optimizing coder (coder-native) with GEPA']);
  expect(stderr).toContain('CX-OPTIMIZE-SAVE');
  expect(stderr).toContain('`optimize coder --seed 3 --resume` tries again');
});

test('to go on after the cap was raised starts it', async () => {
  await spentToTheEnd();
  await project.budget({ calls: CAP + 1 });
  const { stderr } = await resume();
  expect(stderr).toContain('budget of coder: at most 1 of 3 LM calls · ');
  expect(stderr).toContain('CX-INTERNAL');
  expect(stderr).toContain('budget of coder: 2 calls · 2 + 2 tokens are spent');
});

test('to go on with other options is refused, and says which they were', async () => {
  await spentToTheEnd();
  const { exitCode, stderr } = await resume('--minibatch', '7');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('CX-OPTIMIZE-RESUME');
  expect(stderr).toContain('It was begun with `optimize coder --seed 3`');
});

test('of several that begin at once, one has the folder, also where the one before was killed', async () => {
  const plan = await spentToTheEnd();
  const { folder } = plan;
  const dead = { k: 'claim', s: 'x', by: { pid: process.pid, startedAt: 'another' } };
  await writeFile(filesOf(folder).claims, `${JSON.stringify(dead)}\n`);
  const begin = async () => {
    const release = await claimFolder(plan, false);
    await emptyFolder(plan, 'optimize coder');
    return release;
  };
  const asked = await Promise.allSettled(Array.from({ length: 16 }, begin));
  const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  expect(refused).toEqual(Array.from({ length: 15 }, () => 'CX-OPTIMIZE-BUSY'));
  expect((await readdir(folder)).toSorted()).toEqual(['basis.json', 'claims.jsonl']);
  expect(await readFile(filesOf(folder).basis, 'utf8')).toContain('"command":"optimize coder"');
});
