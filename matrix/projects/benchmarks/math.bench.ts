import { bench, describe } from 'vitest';

describe('sums', () => {
  bench('plus', () => void (1 + 1), { time: 5, iterations: 5, warmupTime: 1, warmupIterations: 1 });
});
