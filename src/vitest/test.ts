// What test files import from `vitest-constitution/test`.
export { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
export type { Dspy, DspyRequest } from './dspy.ts';
export { expect, type RecordValue, test } from './dspy-test.ts';
export { fixtureTests } from './fixture-tests.ts';
export { type PytestSuiteOptions, pytestSuite } from './pytest-suite.ts';
