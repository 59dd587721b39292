import { expect, test } from 'vitest';
import { anInput } from '../checks/test-support.ts';
import { judge } from './govern.ts';
import type { ProvidedConstitution } from './provided.ts';
import { type ImportModule, resolveFile } from './resolve-file.ts';

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
