// Drives vitest in watch mode as an editor does: everything, one test of one file, everything again.
import { startVitest } from 'vitest/node';

const vitest = await startVitest('test', [], {
  watch: true,
  reporters: ['default', './result-reporter.mjs'],
});
vitest.setGlobalTestNamePattern(/\basserts$/);
await vitest.runTestSpecifications(await vitest.globTestSpecifications(['b.test.ts']));
vitest.resetGlobalTestNamePattern();
await vitest.runTestSpecifications(await vitest.globTestSpecifications(), true);
await vitest.close();
