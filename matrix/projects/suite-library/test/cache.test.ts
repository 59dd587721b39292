import { test as base, describe, expect } from 'vitest';
import { LruCache } from '../src/cache.js';

const test = base.extend<{ cache: LruCache<string, number> }>({
  cache: async ({}, use) => {
    const cache = new LruCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    await use(cache);
  },
});

describe('LruCache', () => {
  test('forgets what was used longest ago', ({ cache }) => {
    cache.get('a');
    cache.set('c', 3);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toBe(1);
  });

  test('never grows past its capacity', ({ cache }) => {
    for (let n = 0; n < 100; n++) cache.set(`key ${n}`, n);
    expect(cache.size).toBe(2);
    expect(cache).toMatchSnapshot();
  });

  test.fails('is told of a mistake in this suite', ({ cache }) => {
    expect(cache.size).toBe(3);
  });

  test('fills without asserting [breaks]', ({ cache }) => {
    cache.set('c', 3);
  });
});
