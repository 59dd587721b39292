import { expect, test } from 'vitest';
import { anInput } from '../test-support.ts';
import { check } from './protected-files-untouched.ts';

test.each([
  ['/project/package.json', ['package.json']],
  ['/project/src/a.ts', []],
  ['/elsewhere/package.json', []],
])('%s', (path, expected) => {
  const input = anInput({ seen: { writes: [{ operation: 'rm', path }] } });
  const results = check.run(input, { files: ['^package\\.json$'] });
  expect(results?.map(({ values }) => values['file'])).toEqual(expected);
});
