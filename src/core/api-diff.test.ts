import { describe, expect, test } from 'vitest';
import type { ApiName, ApiParameter, PackageApi } from './api.ts';
import { compareApis } from './api-diff.ts';

const parameter = (name: string, rest: Partial<ApiParameter> = {}): ApiParameter => ({
  name,
  kind: 'any',
  default: null,
  ...rest,
});
const module = (of: string): ApiName => ({
  kind: 'module',
  of,
  parameters: null,
  deprecated: null,
  members: {},
});
const named = (kind: ApiName['kind'], of: string, rest: Partial<ApiName> = {}): ApiName => ({
  kind,
  of,
  parameters: null,
  deprecated: null,
  members: {},
  ...rest,
});
const api = (names: Record<string, ApiName>, rest: Partial<PackageApi> = {}): PackageApi => ({
  package: 'p',
  version: '1',
  names: { p: module('p'), ...names },
  closed: {},
  settings: {},
  ...rest,
});
const told = (before: PackageApi, after: PackageApi) =>
  compareApis(before, after).map(({ kind, subject, before: was, after: is, breaking }) => [
    kind,
    subject,
    was,
    is,
    breaking,
  ]);
const taking = (...parameters: ApiParameter[]) => api({ 'p.f': named('function', 'p.f', { parameters }) });
const having = (members: ApiName['members']) => api({ 'p.C': named('class', 'p.C', { members }) });
const method = (of: string, ...parameters: ApiParameter[]) =>
  ({ kind: 'method', of, parameters, deprecated: null }) as const;

describe('between two versions', () => {
  test('nothing changed in one and the same', () => {
    const same = api({ 'p.a': named('value', 'p.a') }, { settings: { key: '1' }, closed: { 'p.x': 'why' } });
    expect(told(same, same)).toEqual([]);
  });

  test('a name is gone, or new', () => {
    const more = api({ 'p.a': named('value', 'p.a') });
    expect(told(more, api({}))).toEqual([['removed', 'p.a', null, null, true]]);
    expect(told(api({}), more)).toEqual([['added', 'p.a', null, null, false]]);
  });

  test('a thing with many paths is told once, under the shortest', () => {
    const before = api({
      'p.m': module('p.m'),
      'p.m.C': named('class', 'p.m.C'),
      'p.C': named('class', 'p.m.C'),
    });
    expect(compareApis(before, api({ 'p.m': module('p.m') }))).toMatchObject([
      { kind: 'removed', subject: 'p.C', also: ['p.m.C'] },
    ]);
  });

  test('of a module that is gone nothing below is told', () => {
    const before = api({ 'p.m': module('p.m'), 'p.m.f': named('function', 'p.m.f') });
    expect(told(before, api({}))).toEqual([['removed', 'p.m', null, null, true]]);
  });

  test('a path is gone whose thing has another one', () => {
    const both = { 'p.New': named('class', 'p.New'), 'p.Old': named('class', 'p.New') };
    expect(told(api(both), api({ 'p.New': both['p.New'] }))).toEqual([
      ['moved', 'p.Old', 'p.Old', 'p.New', true],
    ]);
  });

  test('what could not be imported counts by its name', () => {
    const before = api({}, { closed: { 'p.x': 'needs a library', 'p.y': 'needs another' } });
    const after = api({ 'p.y': module('p.y') });
    expect(told(before, after)).toEqual([['removed', 'p.x', null, null, true]]);
  });

  test('a thing became another kind of thing', () => {
    const before = api({ 'p.a': named('class', 'p.a') });
    const after = api({ 'p.a': named('function', 'p.a') });
    expect(told(before, after)).toEqual([['kind', 'p.a', 'class', 'function', true]]);
  });

  test.each([
    ['gone', [parameter('a')], [], ['parameter-removed', null, null, true]],
    ['new', [], [parameter('a', { default: '1' })], ['parameter-added', null, '1', false]],
    ['new and required', [], [parameter('a')], ['parameter-required', null, null, true]],
    [
      'required now',
      [parameter('a', { default: '1' })],
      [parameter('a')],
      ['parameter-required', '1', null, true],
    ],
    [
      'another default',
      [parameter('a', { default: '1' })],
      [parameter('a', { default: '2' })],
      ['default', '1', '2', true],
    ],
    ['optional now', [parameter('a')], [parameter('a', { default: '2' })], ['default', null, '2', false]],
    [
      'by name only',
      [parameter('a')],
      [parameter('a', { kind: 'keyword' })],
      ['parameter-kind', 'any', 'keyword', true],
    ],
    [
      'by place too',
      [parameter('a', { kind: 'keyword' })],
      [parameter('a')],
      ['parameter-kind', 'keyword', 'any', false],
    ],
  ] as const)('a parameter is %s', (_what, was, is, [kind, before, after, breaking]) => {
    expect(told(taking(...was), taking(...is))).toEqual([[kind, 'p.f(a)', before, after, breaking]]);
  });

  test('a parameter has another place', () => {
    const [a, b, c] = [parameter('a'), parameter('b'), parameter('c', { kind: 'keyword' })];
    expect(told(taking(a, b, c), taking(b, c))).toEqual([
      ['parameter-removed', 'p.f(a)', null, null, true],
      ['parameter-position', 'p.f(b)', '2', '1', true],
    ]);
  });

  test('a thing or a member says that it will go', () => {
    const says = (deprecated: string | null) =>
      api({
        'p.C': named('class', 'p.C', { deprecated, members: { f: { ...method('p.C'), deprecated } } }),
      });
    expect(told(says(null), says('use D'))).toEqual([
      ['deprecated', 'p.C', null, 'use D', false],
      ['deprecated', 'p.C#f', null, 'use D', false],
    ]);
    expect([...told(says('use D'), says('use E')), ...told(says('use D'), says(null))]).toEqual([]);
  });

  test('parameters that take whatever is left are no parameters of their own', () => {
    expect(told(taking(parameter('kwargs', { kind: '**' })), taking())).toEqual([]);
  });

  test('members count for the class that defines them', () => {
    const before = having({ own: method('p.C', parameter('a')) });
    const after = having({ fresh: method('p.C') });
    expect(told(before, after)).toEqual([
      ['member-added', 'p.C#fresh', null, null, false],
      ['member-removed', 'p.C#own', null, null, true],
    ]);
    expect(told(having({ own: method('p.C', parameter('a')) }), having({ own: method('p.C') }))).toEqual([
      ['parameter-removed', 'p.C#own(a)', null, null, true],
    ]);
  });

  test('of one that inherits a member nothing is told that its base tells', () => {
    const of = (members: ApiName['members'], base: ApiName['members']) =>
      api({ 'p.B': named('class', 'p.B', { members: base }), 'p.C': named('class', 'p.C', { members }) });
    const inherited = { run: method('p.B', parameter('a')) };
    expect(told(of(inherited, inherited), of({}, {}))).toEqual([
      ['member-removed', 'p.B#run', null, null, true],
    ]);
    const without = { run: method('p.B') };
    expect(told(of(inherited, inherited), of(without, without))).toEqual([
      ['parameter-removed', 'p.B#run(a)', null, null, true],
    ]);
    // Another base: the first one has it still.
    expect(told(of(inherited, inherited), of({}, inherited))).toEqual([
      ['member-removed', 'p.C#run', null, null, true],
    ]);
    const overridden = { run: method('p.C') };
    expect(told(of(inherited, inherited), of(overridden, inherited))).toEqual([
      ['parameter-removed', 'p.C#run(a)', null, null, true],
    ]);
    // A base that is not public.
    expect(told(having({ run: method('p._B') }), having({}))).toEqual([
      ['member-removed', 'p.C#run', null, null, true],
    ]);
  });

  test('a method became something that is not called, or the other way round', () => {
    const value = { kind: 'value', of: 'p.C', parameters: null, deprecated: null } as const;
    const property = { ...value, kind: 'property' } as const;
    expect(told(having({ x: method('p.C') }), having({ x: property }))).toEqual([
      ['kind', 'p.C#x', 'method', 'property', true],
    ]);
    expect(told(having({ x: value }), having({ x: method('p.C') }))).toEqual([
      ['kind', 'p.C#x', 'value', 'method', true],
    ]);
    expect(told(having({ x: value }), having({ x: property }))).toEqual([]);
  });

  test('a setting is gone, new, or has another default', () => {
    const before = api({}, { settings: { gone: '1', other: '2' } });
    const after = api({}, { settings: { other: '3', fresh: '4' } });
    expect(told(before, after)).toEqual([
      ['setting-added', 'p.settings[fresh]', null, '4', false],
      ['setting-removed', 'p.settings[gone]', '1', null, true],
      ['setting-default', 'p.settings[other]', '2', '3', true],
    ]);
  });
});
