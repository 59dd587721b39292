import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyStops, completeJsonLength } from './stop.ts';

describe('applyStops', () => {
  test.each([
    ['abc\ndef', ['\n'], 'abc', true],
    ['abc', ['\n'], 'abc', false],
    ['one END two STOP', ['STOP', 'END'], 'one ', true],
    ['text <|im', ['<|im_end|>'], 'text ', false],
    ['text <|imx', ['<|im_end|>'], 'text <|imx', false],
    ['aab', ['aab', 'ab'], '', true],
    ['caf\uFFFD', [], 'caf', false],
    ['', ['x'], '', false],
  ])('%j with %j gives %j', (text, stops, shown, ended) => {
    expect(applyStops(text, stops)).toEqual({ text: shown, ended });
  });

  test('what is shown while text grows is never taken back', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
    const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 3 }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(letters, stops, (text, list) => {
        let shown = '';
        for (let length = 0; length <= text.length; length++) {
          const state = applyStops(text.slice(0, length), list);
          expect(state.text.startsWith(shown)).toBe(true);
          if (state.ended) break;
          shown = state.text;
        }
      }),
    );
  });
});

describe('completeJsonLength', () => {
  test.each([
    ['{"a": 1}\n\n', 8],
    ['{"a": {"b": 1}', null],
    ['"text"', 6],
    ['"te', null],
    ['true', 4],
    ['null', 4],
    ['12', null],
    ['[1, 2]', 6],
    ['{"a": "}', null],
  ])('%j is complete at %j', (text, length) => {
    expect(completeJsonLength(text)).toBe(length);
  });
});
