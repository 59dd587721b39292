import { expect, test } from 'vitest';
import { exchangeKey } from './lm-exchange.ts';

const key = (content: string) =>
  exchangeKey('/v1/chat/completions', { messages: [{ role: 'user', content }] });

test('the address of a Python object makes no other request', () => {
  expect(key("f(4) is '<range_iterator object at 0x7f2f63056910>', not 2")).toBe(
    key("f(4) is '<range_iterator object at 0x7f9f19a76910>', not 2"),
  );
  // One that was cut in the middle.
  expect(key('<function f at 0x7f2f63')).toBe(key('<function f at 0x7f9f19a769'));
});

test.each([
  ['another object', '<A object at 0x7f2f63056910>', '<B object at 0x7f2f63056910>'],
  ['a number of the program', 'the mask at 0xff', 'the mask at 0xfe'],
  ['what comes after it', '<A at 0x7f2f63056910> a', '<A at 0x7f2f63056910> b'],
])('%s does', (_, one, other) => {
  expect(key(one)).not.toBe(key(other));
});
