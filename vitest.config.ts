import { defineConfig } from 'vitest/config';
import { constitution } from './src/vitest/plugin.ts';

export default defineConfig({
  plugins: [constitution()],
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: { include: ['src/**/*.ts'], exclude: ['src/**/*.test.ts', 'src/**/test-support.ts'] },
  },
});
