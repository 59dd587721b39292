import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';

export default defineConfig({
  plugins: [constitution()],
  test: {
    globalSetup: './global.ts',
    projects: [
      { extends: false, test: { name: 'first', include: ['a.test.ts'] } },
      { extends: false, test: { name: 'second', include: ['b.test.ts'] } },
    ],
  },
});
