import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';

export default defineConfig({
  plugins: [constitution()],
  test: {
    projects: [
      { extends: true, test: { name: 'extends', include: ['one/*.test.ts'] } },
      { extends: true, test: { name: 'threads', include: ['{one,two}/*.test.ts'], pool: 'threads' } },
      { extends: false, test: { name: 'inline', include: ['one/*.test.ts'] } },
      './other',
    ],
  },
});
