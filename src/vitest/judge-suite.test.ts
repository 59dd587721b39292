import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Waiver } from '../core/article.ts';
import type { CollectedTest } from './collect.ts';
import { SuiteJudge, type SuiteRun } from './judge-suite.ts';
import type { CompiledUse } from './provided.ts';

const TODAY = '2026-06-30';
const FOCUSED = "test.only('a', () => {});\n";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'suite-'));
  await writeFile(path.join(root, 'a.test.ts'), FOCUSED);
});
afterEach(() => rm(root, { recursive: true }));

const aCollected = (changes: Partial<CollectedTest> = {}): CollectedTest => ({
  test: { name: 'a', file: 'a.test.ts', project: '' },
  state: 'passed',
  mode: 'run',
  note: null,
  retries: 0,
  tags: [],
  durationMs: 1,
  meta: undefined,
  errors: [],
  ...changes,
});
const aWaiver = (named: string, until = '2026-07-31'): Waiver => ({ test: named, reason: 'agreed', until });

async function judge(
  { uses = 'no-focused', options = {}, waivers = [] as Waiver[] },
  run: Partial<SuiteRun> = {},
) {
  const check: CompiledUse = { uses, with: options, compiled: options };
  const judged = new SuiteJudge([
    {
      id: 'I',
      title: 'T',
      why: 'W',
      severity: 'block',
      appliesTo: { files: [], projects: [], tags: [], names: [], roles: [] },
      filePatterns: [],
      checks: [check],
      waivers,
      source: 'constitution/i.yaml',
    },
  ]);
  await judged.prepare(root);
  const whole = { root, today: TODAY, whole: true, thorough: true, tests: [aCollected()] };
  const { articles, findings, waived } = await judged.judge({ ...whole, ...run });
  return {
    articles,
    findings: findings.map(({ code }) => code),
    waived: waived.map(({ code }) => code),
    all: findings,
  };
}

test.each([
  ['', 'no-unexplained-skip', { reason: '(' }, 'regular expression'],
  [' before the first test', 'protected-files-untouched', { files: [''] }, 'Patterns must be'],
])(
  'a check of the suite that throws%s is a finding and not a silent pass',
  async (_when, uses, options, why) => {
    const { all } = await judge({ uses, options });
    expect(all).toMatchObject([
      {
        code: 'CX-CHECK-CRASHED',
        check: uses,
        severity: 'block',
        values: { message: expect.stringContaining(why) },
      },
    ]);
  },
);

describe('a waiver of a finding that has no test', () => {
  test.each(['a.test.ts', 'a.test.ts > *', '*.test.ts'])('"%s" sets it aside', async (named) => {
    const { findings, waived } = await judge({ waivers: [aWaiver(named)] });
    expect({ findings, waived }).toEqual({ findings: [], waived: ['CX-FOCUSED'] });
  });

  test.each(['b.test.ts', 'a.test.ts > a', 'a'])('"%s" does not', async (named) => {
    const { findings, waived } = await judge({ waivers: [aWaiver(named)] });
    expect(findings).toContain('CX-FOCUSED');
    expect(waived).toEqual([]);
  });

  test('one that has expired is told, even where no test ran', async () => {
    const waivers = [aWaiver('a.test.ts > *', '2026-06-29')];
    expect((await judge({ waivers })).findings).toEqual(['CX-FOCUSED', 'CX-WAIVER-EXPIRED']);
    const { all } = await judge({ waivers }, { whole: false, tests: [aCollected({ state: 'skipped' })] });
    expect(all).toMatchObject([
      { code: 'CX-FOCUSED' },
      { code: 'CX-WAIVER-EXPIRED', values: { until: '2026-06-29' }, place: { file: 'constitution/i.yaml' } },
    ]);
  });

  test('one that holds goes before one that has expired', async () => {
    const { findings, waived } = await judge({
      waivers: [aWaiver('a.test.ts > *', '2026-06-29'), aWaiver('a.test.ts > *')],
    });
    expect(waived).toEqual(['CX-FOCUSED']);
    expect(findings).toEqual(['CX-WAIVER-EXPIRED']);
  });
});

describe('a waiver with nothing to set aside', () => {
  const ofTest = (waiver: Waiver, state: CollectedTest['state'], whole = true) =>
    judge(
      { uses: 'no-unexplained-skip', options: { reason: '#' }, waivers: [waiver] },
      { whole, tests: [aCollected({ state })] },
    );

  test.each<[string, CollectedTest['state'], object[]]>([
    ['a test that ran', 'passed', [{ code: 'CX-WAIVER-UNUSED', values: { known: true } }]],
    ['a skipped test', 'skipped', []],
  ])('is told of %s', async (_what, state, expected) => {
    expect((await ofTest(aWaiver('a'), state)).all).toMatchObject(expected);
  });

  test('is told of nothing that there is, in a whole run', async () => {
    expect((await ofTest(aWaiver('gone'), 'passed')).all).toMatchObject([
      { code: 'CX-WAIVER-UNUSED', values: { waived: 'gone', known: false } },
    ]);
    expect((await ofTest(aWaiver('gone'), 'passed', false)).findings).toEqual([]);
  });

  test('has expired for a skipped test too, in a whole run', async () => {
    const expired = aWaiver('a', '2026-06-29');
    expect((await ofTest(expired, 'skipped')).findings).toEqual(['CX-WAIVER-EXPIRED']);
    expect((await ofTest(expired, 'skipped', false)).findings).toEqual([]);
  });
});

test.each<[string, CollectedTest[], string[]]>([
  ['has no test', [], ['CX-ARTICLE-IDLE']],
  ['has a test that ran without it', [aCollected()], ['CX-ARTICLE-IDLE']],
  ['has skipped tests only', [aCollected({ state: 'skipped' })], []],
])('an article that %s', async (_what, tests, expected) => {
  expect((await judge({ uses: 'must-assert' }, { tests })).findings).toEqual(expected);
});

test("what a project's own check cannot tell is counted with its article", async () => {
  const meta = { articles: 'I', unattributed: ['I/project/own', 'I/no-console'] };
  const { articles } = await judge({ uses: 'no-console' }, { tests: [aCollected({ meta })] });
  expect(articles).toMatchObject([{ governed: 1, unattributed: 2 }]);
});
