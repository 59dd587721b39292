// Drives vitest in watch mode as an editor does: everything, one test of one file, everything again.
import { startVitest } from 'vitest/node';

const vitest = await startVitest('test', [], {
  watch: true,
  reporters: ['default', './result-reporter.mjs'],
});
vitest.setGlobalTestNamePattern('file b asserts$');
await vitest.rerunTestSpecifications(await vitest.globTestSpecifications(['b.test.ts']));
vitest.resetGlobalTestNamePattern();
await vitest.rerunTestSpecifications(await vitest.globTestSpecifications(), true);
await vitest.close();
