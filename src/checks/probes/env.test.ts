import { afterEach, expect, test, vi } from 'vitest';
import { probe } from './env.ts';

afterEach(() => vi.unstubAllEnvs());

/** What the probe says of variables that are there before, and of what is then done. */
function changesBy(act: () => void) {
  vi.stubEnv('LITTLE_FIRST', '1');
  vi.stubEnv('LITTLE_SECOND', '2');
  const end = probe.watch();
  act();
  return end();
}

const NONE = { added: [], changed: [], removed: [] };

test('variables that are added, changed and removed', () => {
  const found = changesBy(() => {
    vi.stubEnv('LITTLE_THIRD', '3');
    vi.stubEnv('LITTLE_SECOND', 'two');
    vi.stubEnv('LITTLE_FIRST', undefined);
  });
  expect(found).toEqual({ added: ['LITTLE_THIRD'], changed: ['LITTLE_SECOND'], removed: ['LITTLE_FIRST'] });
});

test('a variable that is changed and restored is none', () => {
  const found = changesBy(() => {
    process.env['LITTLE_FIRST'] = 'one';
    process.env['LITTLE_FIRST'] = '1';
  });
  expect(found).toEqual(NONE);
});

test('a variable that is removed and set again is none, wherever it stands now', () => {
  const found = changesBy(() => {
    delete process.env['LITTLE_FIRST'];
    process.env['LITTLE_FIRST'] = '1';
  });
  expect(found).toEqual(NONE);
});

test('an environment that is replaced is compared as it stands', () => {
  const original = process.env;
  try {
    const found = changesBy(() => {
      process.env = { ...process.env, LITTLE_FIRST: 'one', LITTLE_THIRD: '3' };
    });
    expect(found).toEqual({ ...NONE, added: ['LITTLE_THIRD'], changed: ['LITTLE_FIRST'] });
  } finally {
    process.env = original;
  }
});
