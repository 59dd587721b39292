import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../core/finding.ts';
import type { RunRecord } from '../core/run-record.ts';
import { writeReports } from './write-reports.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'reports-'));
});
afterEach(() => rm(root, { recursive: true }));

const place = { file: 'a.test.ts', line: 7 };
const finding: Finding = {
  article: 'I',
  check: 'c',
  severity: 'block',
  code: 'CX-FOCUSED',
  values: { call: 'test.only' },
  test: null,
  place: null,
};

const record = (findings: number, changes: Partial<Finding> = {}): RunRecord => ({
  createdAt: '2026-11-24T03:00:00.000Z',
  constitution: {
    articles: [],
    findings: Array.from({ length: findings }, () => ({ ...finding, ...changes })),
    waived: [],
  },
  tests: [],
  fileErrors: [],
  overhead: {
    selfMs: null,
    tests: 0,
    byHook: null,
    ratio: null,
    interval: null,
    basis: null,
    measuredAt: null,
  },
  templates: {},
  notes: [],
});
const files = async () => (await readdir(root, { recursive: true })).sort();
const ignore = () => {};

test('nothing is written that nobody asked for', async () => {
  expect(await writeReports(root, record(10), {}, {}, ignore)).toBeUndefined();
  expect(await files()).toEqual([]);
});

test('findings beyond what the terminal shows are written, and it is told where', async () => {
  expect(await writeReports(root, record(11), {}, {}, ignore)).toBe('.constitution/findings.jsonl');
  const text = await readFile(path.join(root, '.constitution/findings.jsonl'), 'utf8');
  expect(text.match(/"type":"finding"/g)).toHaveLength(11);
  expect(await writeReports(root, record(11), { jsonLines: 'own.jsonl' }, {}, ignore)).toBe('own.jsonl');
});

test('files that are asked for', async () => {
  await writeReports(root, record(1), { junit: 'out/junit.xml', sarif: 'out/a.sarif' }, {}, ignore);
  expect(await files()).toEqual(['out', 'out/a.sarif', 'out/junit.xml']);
});

test('the environment can ask for them too', async () => {
  const environment = {
    CONSTITUTION_JUNIT: 'a.xml',
    CONSTITUTION_SARIF: 'b.sarif',
    CONSTITUTION_JSON_LINES: 'c.jsonl',
  };
  await writeReports(root, record(1), { junit: 'own.xml' }, environment, ignore);
  expect(await files()).toEqual(['b.sarif', 'c.jsonl', 'own.xml']);
});

test('GitHub: where the environment says so, unless it is switched off', async () => {
  const summary = path.join(root, 'summary.md');
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const annotations: string[] = [];
  const annotate = (text: string) => void annotations.push(text);
  await writeReports(root, record(1), { github: false }, environment, annotate);
  expect(await files()).toEqual([]);
  await writeReports(root, record(1), {}, environment, annotate);
  await writeReports(root, record(1), {}, environment, annotate);
  // Earlier steps of the job have written there too: it is added to.
  expect((await readFile(summary, 'utf8')).match(/## Constitution/g)).toHaveLength(2);
  expect(annotations.join('')).toContain('::error title=article I%3A CX-FOCUSED::');
});

test.each<[string, string | undefined, string]>([
  ['in the repository that was checked out', '..', '<root>/a.test.ts'],
  ['which is all of it', '.', 'a.test.ts'],
  ['outside of it', './elsewhere', 'a.test.ts'],
  ['where there is none', undefined, 'a.test.ts'],
])('GitHub is told files by their place %s', async (_what, workspace, expected) => {
  const environment = {
    GITHUB_ACTIONS: 'true',
    ...(workspace === undefined ? {} : { GITHUB_WORKSPACE: path.resolve(root, workspace) }),
  };
  const file = expected.replace('<root>', path.basename(root));
  const annotations: string[] = [];
  await writeReports(root, record(1, { place }), { sarif: 'a.sarif' }, environment, (text) =>
    annotations.push(text),
  );
  expect(annotations.join('')).toContain(`::error file=${file},line=7,`);
  expect(await readFile(path.join(root, 'a.sarif'), 'utf8')).toContain(`"uri": "${file}"`);
});

test('where nothing is to be printed, only files that are asked for are written', async () => {
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(root, 'summary.md') };
  expect(await writeReports(root, record(11), { sarif: 'a.sarif' }, environment, null)).toBeUndefined();
  expect(await files()).toEqual(['a.sarif']);
});
