import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonPrefix, planPrompt } from './prompt-plan.ts';

const tokens = fc.array(fc.nat(2), { minLength: 1, maxLength: 600 });
/** Prompts that share a beginning with what is evaluated. */
const pairs = fc
  .tuple(tokens, fc.nat(600), tokens)
  .map(([prompt, at, other]) => [prompt, [...prompt.slice(0, at), ...other]] as const);

describe('planPrompt', () => {
  test('covers the prompt without its last token, once and in order, in chunks of at most 256', () => {
    fc.assert(
      fc.property(pairs, ([prompt, evaluated]) => {
        const { reuse, chunks } = planPrompt(prompt, evaluated);
        let at = reuse;
        for (const { start, end } of chunks) {
          expect(start).toBe(at);
          expect(end - start).toBeLessThanOrEqual(256);
          at = end;
        }
        expect(at).toBe(prompt.length - 1);
        expect(reuse).toBeLessThanOrEqual(commonPrefix(prompt, evaluated));
      }),
    );
  });

  test('never evaluates a single token, except where the prompt has but two', () => {
    fc.assert(
      fc.property(pairs, ([prompt, evaluated]) => {
        const { chunks, reuse } = planPrompt(prompt, evaluated);
        if (prompt.length === 2)
          expect({ chunks, reuse }).toEqual({ chunks: [{ start: 0, end: 1 }], reuse: 0 });
        else expect(chunks.every(({ start, end }) => end - start >= 2)).toBe(true);
      }),
    );
  });

  test.each([
    [258, 0, [256 - 1, 2]],
    [259, 0, [256, 2]],
    [514, 0, [256, 255, 2]],
    [300, 298, [2]],
    [300, 299, []],
  ])('a prompt of %i tokens of which %i are evaluated leaves chunks of %j', (length, known, sizes) => {
    const prompt = Array.from({ length }, (_, index) => index);
    const { chunks } = planPrompt(prompt, prompt.slice(0, known));
    expect(chunks.map(({ start, end }) => end - start)).toEqual(sizes);
  });
});
