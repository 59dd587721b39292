// What the generated test files of a gate run import.
export { fixtureTests } from '../fixture-tests.ts';
export { roleSchemas, seededBugs } from './seeded-bugs.ts';
