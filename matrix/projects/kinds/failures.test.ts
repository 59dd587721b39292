import { assert, chai, describe, expect, expectTypeOf, test } from 'vitest';

test('times out', { timeout: 50 }, async () => {
  expect(1).toBe(1);
  await new Promise(() => {});
});
test('throws no error', () => {
  throw 'a string';
});
test('rejects with nothing', async () => {
  expect(1).toBe(1);
  await Promise.reject(null);
});
test('throws a cause', () => {
  throw new Error('outer', { cause: new TypeError('inner') });
});
test('throws several', () => {
  throw new AggregateError([new Error('one'), new Error('two')], 'both');
});
describe('ways to assert', () => {
  test('assert', () => {
    assert.equal(1, 1);
  });
  test('assert through expect', () => {
    expect.assert.isTrue(true);
  });
  test('chai', () => {
    chai.assert.isOk(1);
  });
  test('poll', async () => {
    let value = 0;
    await expect.poll(() => ++value, { interval: 1 }).toBe(3);
  });
  test('asymmetric', () => {
    expect({ a: 1 }).toEqual({ a: expect.any(Number) });
  });
  test('number of assertions', () => {
    expect.assertions(1);
    expect(1).toBe(1);
  });
  test('wrong number of assertions', () => {
    expect.assertions(2);
    expect(1).toBe(1);
  });
  test('inline snapshot', () => {
    expect('text').toMatchInlineSnapshot(`"text"`);
  });
  test('types only, which nothing counts', () => {
    expectTypeOf(1).toBeNumber();
  });
});
