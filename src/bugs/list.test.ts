import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { reportCase } from '../core/report-case.ts';
import { pipelineRun } from '../core/verdict/pipeline-run.fixture.ts';
import { renderBugList } from '../report/bug-list.ts';
import { listBugs } from './list.ts';

const BUGS = [
  'coder/add-tag',
  'coder/countdown',
  'coder/lookup-price',
  'planner/garden',
  'planner/small-compiler',
];

/** Of three runs the baseline repairs one and errs in one; as a gate reports them. */
const WITH_AN_ERROR = reportCase(
  {
    role: 'coder',
    bug: 'lookup-price',
    baseline: [
      pipelineRun({ outcome: 1 }),
      pipelineRun({ outcome: 0, repeat: 1 }),
      pipelineRun({
        status: 'error',
        error: { code: 'CX-RUN-TIMEOUT', message: 'killed' },
        outcome: null,
        repeat: 2,
      }),
    ],
    candidate: [pipelineRun({ arm: 'candidate', outcome: 1 })],
  },
  { split: 'test', judged: true, diff: undefined },
);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'list-'));
  for (const bug of BUGS) {
    await cp(path.join(packageRoot(), 'seeded-bugs', bug), path.join(root, 'seeded-bugs', bug), {
      recursive: true,
    });
  }
  await mkdir(path.join(root, 'seeded-bugs/planner/no-parts'));
  const runs = (...outcomes: (number | null)[]) => outcomes.map((outcome) => ({ outcome }));
  const one = (bug: string, baseline: object[], candidate: object[]) => {
    const [role, id] = bug.split('/');
    return { role, bug: id, baseline, candidate };
  };
  await mkdir(path.join(root, 'eval'));
  await writeFile(
    path.join(root, 'eval/eval_report.json'),
    JSON.stringify({
      createdAt: '2026-11-24T03:00:00.000Z',
      environments: [
        { name: 'old', arm: 'baseline' },
        { name: 'new', arm: 'candidate' },
        { name: 'other', arm: null },
      ],
      cases: [
        one('coder/add-tag', runs(1, 1, 1), runs(1, 1, 1)),
        one('coder/countdown', runs(0, 0, 0), runs(0, 0, 0)),
        WITH_AN_ERROR,
        one('planner/garden', runs(1, 0), runs(null)),
      ],
    }),
  );
  await cp(path.join(packageRoot(), 'eval/baseline.json'), path.join(root, 'eval/baseline.json'));
});
afterAll(() => rm(root, { recursive: true }));

const keys = async (filters: object) => (await listBugs({ root, ...filters })).map(({ key }) => key);

test('rates are by environment, an errored run repairs nothing, and bugs that tell nothing apart are named', async () => {
  const rows = await listBugs({ root });
  expect(rows.map(({ key, rates }) => [key, rates?.byEnvironment, rates?.tells])).toEqual([
    ['coder/add-tag', { old: 1, new: 1 }, 'all-won'],
    ['coder/countdown', { old: 0, new: 0 }, 'all-lost'],
    ['coder/lookup-price', { old: 1 / 3, new: 1 }, 'apart'],
    ['planner/garden', { old: 1 / 2 }, null],
    ['planner/no-parts', undefined, undefined],
    // The report does not have it: the baseline does.
    ['planner/small-compiler', { 'dspy-2.6.27': expect.any(Number) }, null],
  ]);
});

test('a wrong folder is a row of its own', async () => {
  const row = (await listBugs({ root })).find(({ key }) => key === 'planner/no-parts');
  expect(row).toMatchObject({ bug: null, error: { code: 'CX-CONFIG-MISSING' } });
});

test('filters by role, kind and split', async () => {
  expect(await keys({ role: 'planner' })).toEqual([
    'planner/garden',
    'planner/no-parts',
    'planner/small-compiler',
  ]);
  expect(await keys({ kind: 'off-by-one' })).toEqual(['coder/countdown']);
  expect(await keys({ split: 'test', kind: 'mutable-default' })).toEqual(['coder/add-tag']);
  await expect(listBugs({ root, kind: 'off-by-on' })).rejects.toMatchObject({
    code: 'CX-CONFIG-REFERENCE',
    hint: 'Did you mean "off-by-one"?',
  });
});

test('bugs elsewhere have no rates of the project', async () => {
  const rows = await listBugs({ root, folder: path.join(root, 'seeded-bugs'), role: 'coder' });
  expect(rows.map(({ rates }) => rates)).toEqual([null, null, null]);
});

test('the table names what is flat, and where its rates are from', async () => {
  const text = renderBugList(await listBugs({ root }), { color: false });
  expect(text).toMatch(/^coder\/lookup-price .* 33 % +100 % .* A missing/m);
  expect(text).toMatch(/^coder\/add-tag .* 100 % +100 % +– +all won {2}/m);
  expect(text).toMatch(/^planner\/no-parts +CX-CONFIG-MISSING /m);
  expect(text).toContain('6 seeded bugs; 2 tell nothing apart any more: 1 all won, 1 all lost in both arms.');
  expect(text).toContain('Rates by eval/eval_report.json of 2026-11-24T03:00:00.000Z');
});

test('a report that cannot be read is an error, none is not', async () => {
  const file = path.join(root, 'eval/eval_report.json');
  await cp(file, `${file}.kept`);
  await writeFile(file, '{"cases": 1}');
  await expect(listBugs({ root })).rejects.toMatchObject({ code: 'CX-CONFIG-INVALID' });
  await rm(file);
  await rm(path.join(root, 'eval/baseline.json'));
  expect((await listBugs({ root, role: 'coder' })).map(({ rates }) => rates)).toEqual([null, null, null]);
  await cp(`${file}.kept`, file);
});
