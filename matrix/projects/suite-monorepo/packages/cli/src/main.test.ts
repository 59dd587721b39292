import { expect, test, vi } from 'vitest';
import { main } from './main.ts';

test('prints an amount', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  expect(main(['1205'])).toBe(0);
  expect(log).toHaveBeenCalledExactlyOnceWith('12.05 EUR');
});
test('refuses anything else', () => {
  const lines: string[] = [];
  expect(main(['twelve'], (line) => lines.push(line))).toBe(2);
  expect(lines).toEqual(['not an amount: twelve']);
});
test('knows another currency', () => {
  vi.stubEnv('CURRENCY', 'CHF');
  main(['1'], (line) => expect(line).toBe('0.01 CHF'));
});
test.skip('prints in colour', () => {});
test('has a mistake of its own', () => {
  expect(main([])).toBe(0);
});
