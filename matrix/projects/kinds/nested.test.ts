import { describe, expect, it, suite, test } from 'vitest';

describe('outer', () => {
  it('first', () => {
    expect(1).toBe(1);
  });
  describe('middle', () => {
    suite('inner', () => {
      test('deep', () => {
        expect(1).toBe(1);
      });
      test('deep [breaks]', () => {});
    });
    describe('shuffled', { shuffle: true }, () => {
      test('one', () => {
        expect(1).toBe(1);
      });
    });
  });
});
describe('outer', () => {
  it('first', () => {
    expect(2).toBe(2);
  });
  test('deep [breaks]', () => {});
});
