import { inject } from 'vitest';

declare const test: any, expect: any, loaded: string[];

test('both set-up files ran, once each', () => {
  expect([...loaded].sort()).toEqual(['first', 'second']);
});
test('the matcher is there', () => {
  expect(42).toBeTheAnswer();
});
test('the matcher fails', () => {
  expect(41).toBeTheAnswer();
});
test('what was provided', () => {
  expect(inject('answer' as never)).toBe(42);
  expect(inject('given' as never)).toBe('by the global set-up');
  expect(process.env.FROM_GLOBAL_SETUP).toBe('yes');
  expect(process.env.FROM_CONFIG).toBe('yes');
});
test('nothing [breaks]', () => {});
