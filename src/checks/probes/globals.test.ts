import { afterEach, expect, test } from 'vitest';
import { probe } from './globals.ts';

afterEach(() => void Reflect.deleteProperty(globalThis, 'little'));

function define(property: PropertyDescriptor): void {
  Object.defineProperty(globalThis, 'little', { configurable: true, ...property });
}

/** What the probe says of a global property that is there before, and of what is then done. */
function changesBy(before: PropertyDescriptor, act: () => void) {
  define(before);
  const end = probe.watch();
  act();
  return end();
}

const NONE = { added: [], changed: [], removed: [] };
const CHANGED = { ...NONE, changed: ['little'] };

/** A getter that nobody may call. */
const untouched = () => {
  throw new Error('called');
};

test('a property that is added is one', () => {
  const end = probe.watch();
  define({ value: 1 });
  expect(end()).toEqual({ ...NONE, added: ['little'] });
});

test.each([
  { what: 'is removed', before: { value: 1 }, after: null, expected: { ...NONE, removed: ['little'] } },
  { what: 'gets another value', before: { value: 1 }, after: { value: 2 }, expected: CHANGED },
  {
    what: 'gets the same value, as a new property',
    before: { value: 1 },
    after: { value: 1 },
    expected: NONE,
  },
  { what: 'stays NaN', before: { value: Number.NaN }, after: { value: Number.NaN }, expected: NONE },
  { what: 'becomes -0', before: { value: 0 }, after: { value: -0 }, expected: CHANGED },
  { what: 'becomes an accessor', before: { value: 1 }, after: { get: untouched }, expected: CHANGED },
  {
    what: 'becomes its own getter',
    before: { value: untouched },
    after: { get: untouched },
    expected: CHANGED,
  },
  { what: 'stays an accessor', before: { get: untouched }, after: { get: untouched }, expected: NONE },
  { what: 'gets another getter', before: { get: untouched }, after: { get: () => 1 }, expected: CHANGED },
  { what: 'stays what can only be set', before: { set() {} }, after: { set() {} }, expected: NONE },
])('a property that $what', ({ before, after, expected }) => {
  const found = changesBy(before, () => {
    Reflect.deleteProperty(globalThis, 'little');
    if (after !== null) define(after);
  });
  expect(found).toEqual(expected);
});

test('an accessor that becomes a value when it is read is no change', () => {
  const lazy = {
    get: () => {
      define({ value: 'loaded' });
      return 'loaded';
    },
  };
  expect(changesBy(lazy, () => expect(Reflect.get(globalThis, 'little')).toBe('loaded'))).toEqual(NONE);
});

test('a property with a symbol as its key does not count', () => {
  const key = Symbol('little');
  const end = probe.watch();
  Reflect.set(globalThis, key, 1);
  const found = end();
  Reflect.deleteProperty(globalThis, key);
  expect(found).toEqual(NONE);
});
