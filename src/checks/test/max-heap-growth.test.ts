import { expect, test } from 'vitest';
import { anInput } from '../test-support.ts';
import { check } from './max-heap-growth.ts';

const MEBIBYTE = 1024 * 1024;

test.each([
  ['at the limit', 2, []],
  ['beyond it', 2.26, [{ code: 'CX-HEAP-GROWTH', values: { measured: 2.3, allowed: 2 } }]],
  ['beyond it by little', 2.0001, [{ code: 'CX-HEAP-GROWTH', values: { measured: 2.001, allowed: 2 } }]],
  ['less than before', -5, []],
])('%s', (_name, mebibytes, expected) => {
  expect(check.run(anInput({ seen: { heap: { growth: mebibytes * MEBIBYTE } } }), { mib: 2 })).toEqual(
    expected,
  );
});
