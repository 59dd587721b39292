import { expect, test } from 'vitest';
import { callsNodeAssert } from './node-assert.ts';

test.each([
  ["import assert from 'node:assert';\nassert(true);", true],
  ["import check, { equal } from 'assert/strict';\ncheck(true);", true],
  ["import { strict } from 'node:assert';\nstrict(true);", true],
  ["import { equal, strict as $ok } from 'node:assert';\n$ok (true);", true],
  ["const assert = require('assert');\nassert(true);", true],
  ["import assert from 'node:assert';\nassert.equal(1, 1);", false],
  ["import assert from 'node:assert';\n// assert(true);", false],
  ["import assert from 'node:assert';\nconsole.assert(true);", false],
  ["import { assert } from 'chai';\nassert(true);", false],
  ["import { test } from 'vitest';", false],
])('%j', (source, expected) => {
  expect(callsNodeAssert(source)).toBe(expected);
});
