import { defineConfig } from 'vitest/config';
import { constitution } from 'vitest-constitution';

const project = (name: string, file: string) => ({ extends: true as const, test: { name, include: [file] } });

export default defineConfig({
  plugins: [constitution()],
  test: {
    // Unknown to vitest 3.2, which takes no notice of it.
    ...{ tags: [{ name: 'slow' }] },
    projects: [project('one', 'a.test.ts'), project('two', 'b.test.ts')],
  },
});
