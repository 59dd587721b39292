import { afterAll, describe, expect, test } from 'vitest';

describe('file c', () => {
  test.concurrent('concurrent', async ({ expect }) => {
    expect(1).toBe(1);
  });
  test('asserts', () => {
    expect(1).toBe(1);
  });
  test('asserts nothing [breaks]', () => {});
  test('fails', () => {
    expect('c').toBe('z');
  });
});
afterAll(() => {
  globalThis.console.log('end of c');
});
