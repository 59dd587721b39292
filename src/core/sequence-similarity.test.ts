import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sequenceSimilarity, similarityBound } from './sequence-similarity.ts';

const letters = (text: string) => [...text];
const sequence = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

describe('the similarity of sequences', () => {
  test.each([
    ['', '', 1],
    ['abc', 'abc', 1],
    ['abc', '', 0],
    ['abc', 'xyz', 0],
    ['abcd', 'abxd', 6 / 8],
    ['abcbdab', 'bdcaba', 8 / 13],
  ])('of %j and %j is %d', (a, b, expected) => {
    expect(sequenceSimilarity(letters(a), letters(b))).toBe(expected);
  });

  test('is the same either way, 1 for the same sequence alone, and never above its bound', () => {
    fc.assert(
      fc.property(sequence, sequence, (a, b) => {
        const similarity = sequenceSimilarity(a, b);
        expect(similarity).toBe(sequenceSimilarity(b, a));
        expect(similarity === 1).toBe(a.join() === b.join());
        expect(similarity).toBeLessThanOrEqual(similarityBound(a, b));
      }),
    );
  });
});
