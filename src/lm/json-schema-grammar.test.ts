import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../core/json.ts';
import { JSON_OBJECT_GRAMMAR } from './json-grammar.ts';
import { jsonSchemaGrammar } from './json-schema-grammar.ts';
import { gbnfPattern } from './testing/gbnf-pattern.ts';

const object = (properties: JsonObject, required: string[] = Object.keys(properties)): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const cases: Array<{ name: string; schema: JsonObject; yes: Json[]; no: Json[] }> = [
  {
    name: 'required members in order',
    schema: object({ a: { type: 'integer' }, b: { type: 'string' } }),
    yes: [
      { a: 1, b: 'x' },
      { a: -20, b: '' },
      { a: 0, b: 'say "hi"\n' },
    ],
    no: [{ a: 1 }, { b: 'x', a: 1 }, { a: 1.5, b: 'x' }, { a: 1, b: 'x', c: 1 }],
  },
  {
    name: 'optional members',
    schema: object({ a: { type: 'null' }, b: { type: 'boolean' }, c: { type: 'number' } }, ['b']),
    yes: [{ b: true }, { a: null, b: false }, { b: true, c: -1.5e3 }, { a: null, b: true, c: 0 }],
    no: [{}, { a: null }, { c: 1 }, { a: null, c: 1 }],
  },
  {
    name: 'only optional members',
    schema: object({ a: { type: 'null' } }, []),
    yes: [{}, { a: null }],
    no: [{ b: 1 }],
  },
  {
    name: 'arrays with a size',
    schema: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 3 },
    yes: [
      [1, 2],
      [1, 2, 3],
    ],
    no: [[], [1], [1, 2, 3, 4], ['1', '2']],
  },
  {
    name: 'arrays without one',
    schema: { type: 'array', items: { type: 'null' } },
    yes: [[], [null], [null, null]],
    no: [[1]],
  },
  {
    name: 'empty arrays',
    schema: { type: 'array', items: { type: 'null' }, maxItems: 0 },
    yes: [[]],
    no: [[null]],
  },
  {
    name: 'at most one item',
    schema: { type: 'array', items: { type: 'null' }, maxItems: 1 },
    yes: [[], [null]],
    no: [[null, null]],
  },
  {
    name: 'enum',
    schema: { enum: ['a"b', 2, null, ['x']] },
    yes: ['a"b', 2, null, ['x']],
    no: ['a', 3, 'null'],
  },
  { name: 'const', schema: { const: { k: 1 } }, yes: [{ k: 1 }], no: [{ k: 2 }] },
  { name: 'lists of types', schema: { type: ['string', 'null'] }, yes: ['x', null], no: [1] },
  { name: 'anyOf', schema: { anyOf: [{ type: 'integer' }, { type: 'null' }] }, yes: [3, null], no: ['3'] },
  {
    name: 'string length',
    schema: { type: 'string', minLength: 1, maxLength: 3 },
    yes: ['a', 'abc', '\\'],
    no: ['', 'abcd'],
  },
  {
    name: 'free members of one kind',
    schema: { type: 'object', additionalProperties: { type: 'integer' } },
    yes: [{}, { a: 1 }, { a: 1, 'b c': 2 }],
    no: [{ a: 'x' }],
  },
  { name: 'no members', schema: { type: 'object', additionalProperties: false }, yes: [{}], no: [{ a: 1 }] },
  { name: 'anything', schema: {}, yes: [1, 'a', { a: [null] }], no: [] },
  {
    name: 'definitions, also of a value inside itself',
    schema: {
      $ref: '#/$defs/Tree',
      $defs: {
        Tree: object({
          value: { type: 'integer' },
          next: { anyOf: [{ $ref: '#/$defs/Tree' }, { type: 'null' }] },
        }),
      },
    },
    yes: [
      { value: 1, next: null },
      { value: 1, next: { value: 2, next: null } },
    ],
    no: [{ value: 1 }, { value: 1, next: 2 }],
  },
  {
    name: 'annotations',
    schema: { title: 'T', description: 'd', type: 'integer', default: 3 },
    yes: [3],
    no: ['3'],
  },
];

describe('jsonSchemaGrammar', () => {
  test.each(cases)('$name', ({ schema, yes, no }) => {
    const pattern = gbnfPattern(jsonSchemaGrammar(schema));
    for (const value of yes) expect(JSON.stringify(value)).toMatch(pattern);
    for (const value of no) expect(JSON.stringify(value)).not.toMatch(pattern);
  });

  test.each([
    [{ type: 'string', pattern: 'a+' }, '#/pattern'],
    [object({ a: { type: 'integer', minimum: 3 } }), '#/properties/a/minimum'],
    [{ type: 'array', items: { type: 'string' }, uniqueItems: true }, '#/uniqueItems'],
    [{ type: 'text' }, '#/type'],
    [{ type: 'union' }, '#/type'],
    [{ $ref: '#/$defs/Nowhere' }, '#'],
    [{ $ref: 'https://example.com/schema' }, '#'],
    [{ minimum: 3 }, '#/minimum'],
    [object({ a: { type: 'null' } }, ['a', 'b']), '#/required'],
    [{ anyOf: [{ type: 'null' }, 'x'] }, '#/1'],
  ])('refuses %j at %s', (schema, path) => {
    expect(() => jsonSchemaGrammar(schema as JsonObject)).toThrowError(
      expect.objectContaining({ code: 'CX-LM-REQUEST', message: expect.stringContaining(`: ${path}: `) }),
    );
  });
});

test('the grammar of any object takes objects only', () => {
  const pattern = gbnfPattern(JSON_OBJECT_GRAMMAR, 2);
  expect('{"a": [1, "b"], "c": {"d": null}}').toMatch(pattern);
  expect('{}').toMatch(pattern);
  expect('[1]').not.toMatch(pattern);
  expect('{"a": 1}\n\n\n').not.toMatch(pattern);
});
