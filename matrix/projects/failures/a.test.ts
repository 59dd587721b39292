import { describe, expect, test } from 'vitest';

describe('settings', () => {
  test('are read', () => {
    expect(1).toBe(1);
  });

  test('are left behind', () => {
    process.env['LITTLE_MODE'] = 'fast';
  });
});
