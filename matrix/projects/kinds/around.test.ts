import * as vitest from 'vitest';

const { describe, expect, test } = vitest;
const { aroundAll, aroundEach } = vitest as Record<string, any>;

// Not before vitest 4.1.
describe.runIf(aroundEach)('around', () => {
  aroundAll?.(async (run: () => Promise<void>) => {
    await run();
  });
  aroundEach?.(async (run: () => Promise<void>, { task }: any) => {
    task.meta.around = 'begun';
    await run();
    task.meta.around = 'ended';
  });
  test('a test', ({ task }) => {
    expect(task.meta).toMatchObject({ around: 'begun' });
  });
  test('a test [breaks]', () => {});
});
describe.runIf(aroundEach)('around that throws', () => {
  aroundEach?.(async (run: () => Promise<void>) => {
    await run();
    throw new Error('after the test');
  });
  test('fails the test', () => {
    expect(1).toBe(1);
  });
});
test('without', () => {
  expect(1).toBe(1);
});
