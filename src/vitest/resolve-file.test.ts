import { expect, test } from 'vitest';
import { anInput } from '../checks/test-support.ts';
import { judge } from './govern.ts';
import type { ProvidedConstitution } from './provided.ts';
import { resolveFile } from './resolve-file.ts';
import type { ImportModule } from './resolve-project-check.ts';

const provided: ProvidedConstitution = {
  root: '/root',
  articles: [
    {
      id: 'I',
      title: 'T',
      why: 'W',
      severity: 'block',
      appliesTo: { files: [], projects: [], tags: [], names: [], roles: [] },
      filePatterns: [],
      checks: [{ uses: 'project/own', with: {}, compiled: {} }],
      waivers: [],
      source: 'constitution/i.yaml',
    },
  ],
  probes: [],
  testChecks: [],
  repeats: false,
  today: '2026-06-30',
  baselineFile: '/root/eval/baseline.json',
  budget: null,
  checkModules: { 'project/own': '/root/constitution/checks/own.ts' },
  templates: {},
};

test.each<[string, ImportModule, string]>([
  ['throws', () => Promise.reject(new Error('boom')), 'boom'],
  ['exports no check', () => Promise.resolve({}), 'undefined'],
  ['does not come to its end', () => new Promise(() => {}), 'not done within 1 ms'],
])(
  "a project's own check whose module %s here is a finding, and no test is lost",
  async (_what, load, why) => {
    const file = await resolveFile(provided, { file: 'a.test.ts', project: '' }, load, 1);
    expect(file.ids).toBe('I');
    expect(judge(file.articles, anInput()).findings).toMatchObject([
      { code: 'CX-CHECK-CRASHED', check: 'project/own', values: { message: expect.stringContaining(why) } },
    ]);
  },
);

const ownCheck = (result: object): ImportModule => {
  const codes = { 'OWN-A': { summary: 's', hint: 'h' } };
  return () => Promise.resolve({ default: { description: 'd', codes, run: () => [result] } });
};
const judged = async (load: ImportModule) => {
  const file = await resolveFile(provided, { file: 'a.test.ts', project: '' }, load);
  return judge(file.articles, anInput()).findings;
};

test.each([
  ['no values', { code: 'OWN-A' }],
  ['a list as its values', { code: 'OWN-A', values: [1] }],
  ['values that are none', { code: 'OWN-A', values: null }],
])("a finding of a project's own check with %s is one that says so", async (_what, result) => {
  expect(await judged(ownCheck(result))).toMatchObject([
    { code: 'CX-CHECK-CRASHED', article: 'I', values: { message: 'a finding without `values`: OWN-A' } },
  ]);
});

test("a finding of a project's own check belongs to the article and the test that it was asked about", async () => {
  const result = { code: 'OWN-A', values: { n: 1 }, article: 'II', severity: 'warn', test: null };
  const { article, severity, test: broken, code, values } = (await judged(ownCheck(result)))[0] ?? {};
  expect({ article, severity, code, values }).toEqual({
    article: 'I',
    severity: 'block',
    code: 'OWN-A',
    values: { n: 1 },
  });
  expect(broken).not.toBeNull();
});
