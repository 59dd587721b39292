import { afterAll, describe, expect, test } from 'vitest';

describe('file b', () => {
  test.concurrent('concurrent', async ({ expect }) => {
    expect(1).toBe(1);
  });
  test('asserts', () => {
    expect(1).toBe(1);
  });
  test('asserts nothing [breaks]', () => {});
  test('fails', () => {
    expect('b').toBe('z');
  });
});
afterAll(() => {
  globalThis.console.log('end of b');
});
