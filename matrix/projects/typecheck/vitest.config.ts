import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';

export default defineConfig({
  plugins: [constitution()],
  test: {
    typecheck: { enabled: true, checker: process.env.MATRIX_TSC ?? 'tsc', tsconfig: './tsconfig.json' },
  },
});
