import { describe, expect, test } from 'vitest';
import type { ApiName, ApiParameter, MigrationHint, PackageApi } from './api.ts';
import { compareApis } from './api-diff.ts';
import type { ApiUse } from './api-uses.ts';
import { hintsBetween } from './hints-between.ts';
import { statedChanges } from './stated-changes.ts';
import { type MatchOptions, UseMatcher } from './use-matcher.ts';

const parameter = (name: string, rest: Partial<ApiParameter> = {}): ApiParameter => ({
  name,
  kind: 'any',
  default: '0',
  ...rest,
});
const taking = (...parameters: ApiParameter[]): ApiName => ({
  kind: 'function',
  of: 'p.f',
  parameters,
  deprecated: null,
  members: {},
});
const api = (names: Record<string, ApiName>, version = '1'): PackageApi => ({
  package: 'p',
  version,
  names: { p: { kind: 'module', of: 'p', parameters: null, deprecated: null, members: {} }, ...names },
  closed: {},
  settings: {},
});
const use = (rest: Partial<ApiUse>): ApiUse => ({
  path: 'p.f',
  member: null,
  form: 'attribute',
  line: 1,
  column: 1,
  spans: { [rest.path ?? 'p.f']: [2, 3] },
  alias: null,
  module: null,
  arguments: [],
  unpacks: null,
  guarded: false,
  ...rest,
});
/** A call with these arguments: a name, or null for one that is given by its place. */
const call = (...names: (string | null)[]): ApiUse =>
  use({
    form: 'call',
    unpacks: false,
    arguments: names.map((name, place) => ({ name, line: 1, column: place + 1, cut: null })),
  });
const found = (before: PackageApi, after: PackageApi, uses: ApiUse[], rest: Partial<MatchOptions> = {}) => {
  const changes = [...compareApis(before, after), ...statedChanges(rest.hints ?? [], before, after)];
  return new UseMatcher({ before, after, changes, hints: [], ...rest })
    .match(uses)
    .map(({ code, subject, column }) => [code, subject, column]);
};

describe('a call', () => {
  const [a, b, c] = [parameter('a'), parameter('b'), parameter('c')];

  test('gives an argument that is gone, by its name or its place', () => {
    const [before, after] = [api({ 'p.f': taking(a, b) }), api({ 'p.f': taking(a) })];
    const gone = (column: number) => [['CX-MIGRATION-REMOVED', 'p.f(b)', column]];
    expect(found(before, after, [call('b')])).toEqual(gone(1));
    expect(found(before, after, [call(null, null)])).toEqual(gone(2));
    expect(found(before, after, [call(null), call('a')])).toEqual([]);
  });

  test('gives an argument by a place that is another one now', () => {
    const [before, after] = [api({ 'p.f': taking(a, b, c) }), api({ 'p.f': taking(a, c, b) })];
    expect(found(before, after, [call(null, null)])).toEqual([['CX-MIGRATION-CALL', 'p.f(b)', 2]]);
    expect(found(before, after, [call(null, 'b'), call('c')])).toEqual([]);
  });

  test.each([
    ['by name', 'keyword', null, 'a'],
    ['by place', 'positional', 'a', null],
  ] as const)('gives an argument that is taken %s only', (_what, kind, wrong, right) => {
    const [before, after] = [api({ 'p.f': taking(a) }), api({ 'p.f': taking(parameter('a', { kind })) })];
    expect(found(before, after, [call(wrong)])).toEqual([['CX-MIGRATION-CALL', 'p.f(a)', 1]]);
    expect(found(before, after, [call(right)])).toEqual([]);
  });

  test('leaves out what has to be given', () => {
    const after = api({ 'p.f': taking(a, parameter('b', { default: null })) });
    const before = api({ 'p.f': taking(a) });
    expect(found(before, after, [call(null)])).toEqual([['CX-MIGRATION-CALL', 'p.f(b)', 1]]);
    expect(found(before, after, [call(null, null), call('a', 'b')])).toEqual([]);
    expect(found(before, after, [{ ...call(), unpacks: true }, use({})])).toEqual([]);
  });

  test('leaves out what has another default, where that is asked for', () => {
    const before = api({ 'p.f': taking(a) });
    const after = api({ 'p.f': taking(parameter('a', { default: '1' })) });
    const changed = [['CX-MIGRATION-DEFAULT', 'p.f(a)', 1]];
    expect(found(before, after, [call()])).toEqual([]);
    expect(found(before, after, [call()], { defaults: true })).toEqual(changed);
    expect(found(before, after, [call('a'), call(null)], { defaults: true })).toEqual([]);
  });
});

describe('a hint', () => {
  const hint = (subject: string, rest: Partial<MigrationHint> = {}): MigrationHint => ({
    subject,
    between: ['1', '2'],
    change: 'It is gone.',
    advice: 'Leave it.',
    ...rest,
  });
  const f = taking();
  const told = (before: PackageApi, after: PackageApi) =>
    hintsBetween([hint('p.f')], before, after).map(({ subject }) => subject);

  test.each([
    ['what changed between them', api({ 'p.f': f }, '1'), api({}, '2'), ['p.f']],
    ['what changed within a wider span', api({ 'p.f': f }, '0.9'), api({}, '3'), ['p.f']],
    ['what changed within a part of it', api({ 'p.f': f }, '1.1'), api({}, '1.9'), ['p.f']],
    ['what went earlier', api({}, '2'), api({}, '3'), ['p.f']],
    ['nothing on the way back', api({}, '2'), api({ 'p.f': f }, '1'), []],
    ['nothing before', api({}, '0.8'), api({ 'p.f': f }, '1'), []],
    ['nothing that is there again', api({}, '2'), api({ 'p.f': f }, '3'), []],
  ])('speaks of %s', (_what, before, after, subjects) => {
    expect(told(before, after)).toEqual(subjects);
  });

  test('on a part of something speaks of no later versions, whatever they have', () => {
    const parts = [hint('p.f(a)'), hint('p.f#m'), hint('p.settings[x]')];
    const subjects = (before: string, after: string) =>
      hintsBetween(parts, api({}, before), api({}, after)).length;
    expect([subjects('1', '2'), subjects('2', '3')]).toEqual([3, 0]);
  });

  test('is a finding of its own where neither version has it', () => {
    const hints = [hint('p.f')];
    expect(found(api({}, '2'), api({}, '3'), [use({})], { hints })).toEqual([
      ['CX-MIGRATION-REMOVED', 'p.f', 1],
    ]);
    expect(found(api({}, '2'), api({ 'p.f': f }, '3'), [use({})], { hints })).toEqual([]);
  });

  test('on a module counts below it only while that is gone', () => {
    const module: ApiName = { kind: 'module', of: 'p.m', parameters: null, deprecated: null, members: {} };
    const before = api({ 'p.m': module, 'p.m.f': taking() });
    const advice = (after: PackageApi) =>
      new UseMatcher({ before, after, changes: compareApis(before, after), hints: [hint('p.m')] })
        .match([use({ path: 'p.m.f', spans: { 'p.m': [2, 3], 'p.m.f': [4, 5] } })])
        .map((finding) => finding.advice);
    expect(advice(api({}))).toEqual(['Leave it.']);
    expect(advice(api({ 'p.m': module }))).toEqual([null]);
  });

  test('renames within the same module, and drops what may go', () => {
    const before = api({ 'p.f': taking(parameter('a')), 'p.g': { ...taking(), of: 'p.g' } });
    const hints = [hint('p.g', { replace: 'p.f' }), hint('p.f(a)', { drop: true })];
    const after = api({ 'p.f': taking() });
    const matcher = new UseMatcher({ before, after, changes: compareApis(before, after), hints });
    const given = { name: 'a', line: 1, column: 5, cut: [4, 7] } as const;
    const edits = (one: ApiUse) => matcher.match([one]).flatMap((finding) => finding.edits);
    expect(edits(use({ path: 'p.g' }))).toEqual([{ from: 2, to: 3, text: 'f' }]);
    expect(edits(use({ path: 'p.g', spans: { 'p.g': null } }))).toEqual([]);
    expect(edits({ ...call(), arguments: [given] })).toEqual([{ from: 4, to: 7, text: '' }]);
    expect(edits({ ...call(), arguments: [{ ...given, cut: null }] })).toEqual([]);
  });
});

test('what every program has to do with is not told at each use', () => {
  const [before, after] = [api({ 'p.f': taking() }), api({ 'p.f': taking() }, '2')];
  const hint: MigrationHint = {
    subject: 'p.f',
    between: ['1', '2'],
    change: 'It does more.',
    advice: 'Look.',
    behaves: true,
  };
  const told = (one: MigrationHint) => found(before, after, [use({})], { hints: [one] });
  expect(told(hint)).toEqual([['CX-MIGRATION-BEHAVIOR', 'p.f', 1]]);
  expect(told({ ...hint, everywhere: true })).toEqual([]);
});
