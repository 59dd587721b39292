import { expect, test } from 'vitest';
import { assertsUnseen } from './unseen-assertion.ts';

test.each([
  ["await request(app)\n  .get('/')\n  .expect(200);", true],
  ['expectTypeOf(a).toEqualTypeOf<string>();', true],
  ['expectTypeOf<A>().toBeString();', true],
  ['assertType<string>(a);', true],
  ['sinon.assert.calledOnce(spy);', true],
  ['fc.assert(fc.property(fc.string(), (s) => s === s));', true],
  ["import { expect } from 'chai';", true],
  ["import assert from 'node:assert';\nassert(true);", true],
  ["import { expect } from 'vitest';\nimport { use } from 'chai';", false],
  ["test('a', ({ expect }) => {});\ntest('b', (own) => own.expect(1));", false],
  ['// request(app).expect(200)', false],
])('%j', (source, expected) => {
  expect(assertsUnseen(source)).toBe(expected);
});
