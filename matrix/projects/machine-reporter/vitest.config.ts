import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';

export default defineConfig({
  plugins: [constitution()],
  // Since vitest 5 such a report is on standard output where it is asked for, and always before.
  test: { reporters: [[process.env.MATRIX_REPORTER ?? 'json', { stdout: true }]] },
});
