import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { SUITE_CHECKS } from '../../checks/suite-registry.ts';
import { TEST_CHECKS } from '../../checks/test-registry.ts';
import { ScriptedLm } from '../../gateway/scripted-lm.ts';
import { type ProjectRun, runProject } from '../test-support.ts';
import {
  articleOf,
  type CheckCase,
  type CheckKind,
  type ExpectedFinding,
  filesOf,
  filledIn,
  folderOf,
  type Row,
  STATES,
  type State,
} from './check-case.ts';
import { LINKED, pipelineFiles } from './pipelines-project.ts';

const CASES = path.join(path.dirname(fileURLToPath(import.meta.url)), 'cases');
const REGISTRIES = { test: TEST_CHECKS, suite: SUITE_CHECKS } as const;

const rows = [...(await readRows('test')), ...(await readRows('suite'))];
const inState = (state: State) => rows.filter((row) => row.state === state);

async function readRows(kind: CheckKind): Promise<Row[]> {
  const found: Row[] = [];
  for (const file of (await readdir(path.join(CASES, kind))).sort()) {
    const { name } = path.parse(file);
    const { sample } = (await import(`./cases/${kind}/${name}.ts`)) as { sample: CheckCase };
    found.push(...STATES.map((state) => ({ kind, name, state, sample })));
  }
  return found;
}

/** Takes the checks of single tests away from the tests of one state. */
const WITHOUT_CHECKS = `import { TEST_CHECKS } from '../../../src/checks/test-registry.ts';
for (const check of Object.values(TEST_CHECKS)) {
  const { run } = check;
  const isWithout = ({ test }) => test.file.startsWith('without/test/');
  Object.assign(check, { run: (input, options) => (isWithout(input) ? [] : run(input, options)) });
}`;

let run: ProjectRun;

/** The projects of all rows, in all their states, are run as one: what takes its time is to begin. */
beforeAll(async () => {
  for (const check of Object.values(SUITE_CHECKS)) {
    const judge = check.run;
    const isWithout = (files: readonly string[]) => files.every((file) => file.startsWith('without/suite/'));
    vi.spyOn(check, 'run').mockImplementation((input, options) =>
      isWithout(input.files) ? [] : judge(input, options),
    );
  }
  const lm = await new ScriptedLm().start();
  // What DSPy reads as the fields of `question -> answer`.
  lm.answer = () => '[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]';
  const files = { 'without-checks.ts': WITHOUT_CHECKS, ...(await pipelineFiles(rows, lm.url)) };
  try {
    run = await runProject(Object.assign(files, ...rows.map(filesOf)), {
      test: { allowOnly: true, isolate: false, testTimeout: 60_000, setupFiles: ['without-checks.ts'] },
      linked: LINKED,
      constitution: { mode: 'live' },
    });
  } finally {
    await lm.stop();
    vi.restoreAllMocks();
  }
  // Two DSPy are imported meanwhile: a busy machine is no failure.
}, 600_000);

/** What the article of a row found. */
function foundBy(row: Row) {
  return run.constitution.findings
    .filter(({ article }) => article === articleOf(row))
    .map(({ article: _, test: broken, ...found }) => ({ ...found, test: broken?.name ?? null }));
}

function stated(row: Row, { code, test: name, at, values }: ExpectedFinding) {
  return {
    check: row.name,
    severity: 'block',
    code,
    test: name,
    place: at && { file: `${folderOf(row)}/${at.file}`, line: at.line },
    values: expect.objectContaining(filledIn(row, values)),
  };
}

test.each(['test', 'suite'] as const)('every check of the registry of kind %s has its row', (kind) => {
  const named = inState('kept').filter((row) => row.kind === kind);
  expect(named.map(({ name }) => name)).toEqual(Object.keys(REGISTRIES[kind]).sort());
});

test('every finding belongs to a row', () => {
  const articles = new Set(rows.map(articleOf));
  expect(run.constitution.findings.filter(({ article }) => !articles.has(article))).toEqual([]);
});

describe('a project that keeps the rule', () => {
  test.each(inState('kept'))('of $kind/$name is judged, and nothing is found', (row) => {
    const article = run.constitution.articles.find(({ id }) => id === articleOf(row));
    expect(article?.governed).toBeGreaterThan(0);
    expect(article?.unattributed).toBe(0);
    expect(foundBy(row)).toEqual([]);
  });
});

describe('the same project, broken in one place', () => {
  test.each(inState('broken'))('breaks $kind/$name, and just that', (row) => {
    const { finds, findsToo } = row.sample;
    const expected = findsToo ? [finds, findsToo] : [finds];
    expect(foundBy(row)).toEqual(expected.map((finding) => stated(row, finding)));
  });
});

describe('the broken project without the check', () => {
  test.each(inState('without'))('breaks $kind/$name unseen', (row) => {
    const { findsToo } = row.sample;
    expect(foundBy(row)).toEqual(findsToo ? [stated(row, findsToo)] : []);
  });
});

test('a test fails where a check of single tests finds something, and nowhere else', () => {
  const blamed = inState('broken').flatMap((row) =>
    row.kind === 'test' ? [`${folderOf(row)}/a.test.ts > ${row.sample.finds.test}`] : [],
  );
  const failed = run.tests.filter(({ state }) => state === 'failed');
  expect(failed.map(({ test: { file, name } }) => `${file} > ${name}`).sort()).toEqual(blamed.sort());
});
