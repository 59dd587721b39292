import { test } from 'vitest';

// Since vitest 5 a benchmark is a part of a test.
test('sums', async ({ bench }: any) => {
  await bench('plus', { time: 5, iterations: 5, warmup: false }, () => void (1 + 1)).run();
});
