import { defineConfig } from 'vitest/config';
import { constitution } from './src/vitest/plugin.ts';

export default defineConfig({
  plugins: [constitution()],
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    setupFiles: process.env['CONSTITUTION_COVERAGE'] === undefined ? [] : ['scripts/child-coverage.mjs'],
    // Vitest leaves one core to itself; here it waits for what the tests start, and of two cores one would lie idle.
    maxWorkers: '100%',
    // How long a hang is waited out, on a machine that may be busy with much else; not what a test may take.
    testTimeout: 240_000,
    hookTimeout: 480_000,
    coverage: { include: ['src/**/*.ts'], exclude: ['src/**/*.test.ts', 'src/**/test-support.ts'] },
  },
});
