import { describe, expect, test } from 'vitest';

test.fails('fails as it should', () => {
  expect(1).toBe(2);
});
test.fails('does not fail', () => {
  expect(1).toBe(1);
});
test.fails('rejects as it should', async () => {
  await expect(Promise.resolve(1)).resolves.toBe(2);
});
describe('soft', () => {
  test('goes on after a failure', () => {
    expect.soft(1).toBe(2);
    expect.soft(2).toBe(3);
  });
  test.fails('fails softly as it should', () => {
    expect.soft(1).toBe(2);
  });
});
