import { expect, test } from 'vitest';
import type { ApiName, MigrationHint, PackageApi } from './api.ts';
import { statedChanges } from './stated-changes.ts';

const name = (of: string, members: ApiName['members'] = {}): ApiName => ({
  kind: 'class',
  of,
  parameters: null,
  deprecated: null,
  members,
});
const call = { kind: 'method', of: 'p.C', parameters: [], deprecated: null } as const;
const api = (names: PackageApi['names'], closed: PackageApi['closed'] = {}): PackageApi => ({
  package: 'p',
  version: '1',
  names,
  closed,
  settings: {},
});
const hint = (subject: string, rest: Partial<MigrationHint> = {}): MigrationHint => ({
  subject,
  between: ['1', '2'],
  change: 'Changed.',
  advice: 'Do something.',
  ...rest,
});
const both = api({ 'p.C': name('p.C', { __call__: call }), 'p.m.C': name('p.C', { __call__: call }) });

test('what neither version has went before', () => {
  expect(
    statedChanges([hint('p.Gone'), hint('p.C'), hint('p.C#gone'), hint('p.C(gone)')], both, both),
  ).toEqual([
    { kind: 'removed-before', subject: 'p.Gone', also: [], before: null, after: null, breaking: true },
  ]);
  expect(statedChanges([hint('p.C')], both, api({}))).toEqual([]);
});

test('of what could not be imported nothing is told', () => {
  expect(statedChanges([hint('p.x.A'), hint('p.x')], api({}, { 'p.x': 'needs a library' }), api({}))).toEqual(
    [],
  );
});

test('what behaves otherwise is told with all its paths, where both versions have it', () => {
  const behaves = [hint('p.C#__call__', { behaves: true }), hint('p.C#run', { behaves: true })];
  expect(statedChanges(behaves, both, both)).toEqual([
    { kind: 'behavior', subject: 'p.C#__call__', also: ['p.m.C'], before: null, after: null, breaking: true },
  ]);
  expect(statedChanges(behaves, both, api({}))).toEqual([]);
});
