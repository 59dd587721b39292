import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['matrix/*.test.ts'],
    globalSetup: ['matrix/install.ts'],
    testTimeout: 180_000,
    maxWorkers: 2,
  },
});
