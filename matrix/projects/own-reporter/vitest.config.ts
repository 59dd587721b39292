import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';
import OwnReporter from './own-reporter.ts';

export default defineConfig({
  plugins: [constitution()],
  test: { reporters: [new OwnReporter(), './result-reporter.mjs'] },
});
