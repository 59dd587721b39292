import { describe, expect, it } from 'vitest';
import { compareVersions, satisfies, VERSION_RANGE } from './python-version.ts';

describe('compareVersions', () => {
  it.each([
    ['3.9.18', '3.10', -1],
    ['3.10', '3.10.0', 0],
    ['3.13.0', '3.12.9', 1],
    ['3.13.0rc1', '3.13', 0],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
});

describe('satisfies', () => {
  it.each([
    ['3.10.13', '>=3.10,<3.14', true],
    ['3.9.18', '>=3.10,<3.14', false],
    ['3.14.0', '>=3.10,<3.14', false],
    ['3.11.7', '==3.11.*', true],
    ['3.11.7', '==3.11', false],
    ['3.11.7', '!=3.11.*', false],
    ['3.11.7', '!=3.12', true],
    ['3.11.7', '>3.11.6, <=3.11.7', true],
    ['3.11.7', 'any', false],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(satisfies(version, range)).toBe(expected);
  });
});

describe('VERSION_RANGE', () => {
  it.each(['>=3.10', '>=3.10,<3.14', '== 3.11.*'])('accepts %s', (range) =>
    expect(range).toMatch(VERSION_RANGE),
  );
  it.each(['3.10', '~=3.10', '>=3.10,', '>=three', ''])('refuses "%s"', (range) =>
    expect(range).not.toMatch(VERSION_RANGE),
  );
});
