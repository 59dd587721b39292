import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WorkerSession } from '../bridge/worker/session.ts';
import { root } from '../bridge/worker/test-support.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { environmentOfThisRun } from '../vitest/python-of-this-run.ts';

let session: WorkerSession;
let folder: string;
beforeAll(async () => {
  session = await WorkerSession.connect((await environmentOfThisRun('dspy-3.0.1')).socketPath);
  folder = await mkdtemp(path.join(tmpdir(), 'scoring-'));
  for (const bug of ['coder/countdown', 'coder/lookup-price', 'planner/garden']) {
    await cp(path.join(root, 'seeded-bugs', bug), path.join(folder, bug), { recursive: true });
  }
});
afterAll(async () => {
  session.close();
  await rm(folder, { recursive: true });
});
const call = (entry: string, bug: string, output: Json = null) =>
  session.score({
    root: path.join(root, 'fixtures'),
    entry: `reference.${entry}`,
    case: path.join(folder, bug),
    output,
  });
const text = (bug: string, file: string) => readFile(path.join(folder, bug, file), 'utf8');

test('a fix scores 1, a bug and nonsense 0', async () => {
  for (const bug of ['coder/countdown', 'coder/lookup-price']) {
    const score = async (code: Json) => (await call('scoring:score_coder', bug, { code })).outcome;
    expect([await score(await text(bug, 'fixed.py')), await score(await text(bug, 'buggy.py'))]).toEqual([
      1, 0,
    ]);
    expect([await score('def ('), await score(null), await score('import os; os._exit(0)')]).toEqual([
      0, 0, 0,
    ]);
  }
  expect((await call('scoring:score_coder', 'coder/countdown', 'code')).outcome).toBe(0);
});

const plans: [Json, JsonObject][] = [
  [['dig', 'plant', 'water'], {}],
  [['plant', 'dig', 'water'], { order: 1 }],
  [['water', 'plant', 'dig'], { order: 2 }],
  [['dig', 'plant'], { missing: 1 }],
  [['dig', 'plant', 'water', 'dig'], { duplicated: 1 }],
  [['dig', 'mulch', 'plant', 'water'], { unknown: 1 }],
];
test.each(plans)('the plan %j breaks %j', async (plan, violations) => {
  const score = await call('scoring:score_planner', 'planner/garden', { plan });
  expect(score).toMatchObject({ violations, outcome: Object.keys(violations).length === 0 ? 1 : 0 });
});

const clashes: [Json, JsonObject][] = [
  [['dig', 'plant', 'water'], {}],
  [['dig', 'water', 'plant'], { resource: 1 }],
  [['plant', 'water', 'dig'], { deadline: 1, order: 1 }],
  [['water', 'plant', 'dig'], { deadline: 1, order: 1, resource: 1 }],
];
test.each(clashes)(
  'the plan %j breaks %j where more than dependencies is stated',
  async (plan, violations) => {
    const bug = path.join(folder, 'planner/hose');
    await cp(path.join(folder, 'planner/garden'), bug, { recursive: true });
    const hidden = {
      dependencies: [['dig', 'plant']],
      resources: [{ resource: 'hose', order: ['plant', 'water'] }],
      deadlines: [{ task: 'dig', before: 'water' }],
    };
    await writeFile(path.join(bug, 'hidden_tests.yaml'), JSON.stringify(hidden));
    const score = await call('scoring:score_planner', 'planner/hose', { plan });
    expect(score.violations).toEqual(violations);
  },
);

test('no plan is no repair, and breaks nothing', async () => {
  expect(await call('scoring:score_planner', 'planner/garden', { plan: null })).toMatchObject({
    outcome: 0,
    violations: {},
  });
});
