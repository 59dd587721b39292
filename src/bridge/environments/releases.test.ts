import { expect, test } from 'vitest';
import { releasesIn } from './releases.ts';

test('releases in order, without pre-releases', () => {
  const text = `dspy (3.0.1)
Available versions: 3.0.1, 3.0.0, 3.0.0rc1, 3.0.0b2, 3.0.0.dev1, 2.10.0, 2.9.0.post1, 2.9.0
  INSTALLED: 2.9.0
`;
  expect(releasesIn(text)).toEqual(['2.9.0', '2.9.0.post1', '2.10.0', '3.0.0', '3.0.1']);
});

test.each(['', 'Available versions:', 'Available versions: 1.0b1', 'ERROR: No matching distribution found'])(
  '%j has none',
  (text) => {
    expect(() => releasesIn(text)).toThrow('no released versions');
  },
);
