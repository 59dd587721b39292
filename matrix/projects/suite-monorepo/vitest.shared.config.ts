import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';

/** What every package has in common. */
export default defineConfig({
  plugins: [constitution()],
  test: { include: ['src/**/*.test.ts'], restoreMocks: true },
});
