import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';

export default defineConfig({
  plugins: [constitution()],
  test: {
    setupFiles: ['./setup/first.ts', './setup/second.ts'],
    globalSetup: './setup/global.ts',
    globals: true,
    env: { FROM_CONFIG: 'yes' },
    provide: { answer: 42 },
  },
});
