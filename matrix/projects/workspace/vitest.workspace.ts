import { defineWorkspace } from 'vitest/config';

export default defineWorkspace([
  { extends: './vitest.config.ts', test: { name: 'extends', include: ['a.test.ts'] } },
  { test: { name: 'inline', include: ['b.test.ts'] } },
]);
