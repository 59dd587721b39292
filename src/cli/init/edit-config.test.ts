import { expect, test } from 'vitest';
import { addPlugin } from './edit-config.ts';

const IMPORT = "import { constitution } from 'vitest-constitution';\n";

test.each([
  [
    'an object over several lines',
    "import { defineConfig } from 'vitest/config';\nexport default defineConfig({\n  test: { globals: true },\n});\n",
    "import { defineConfig } from 'vitest/config';\nexport default defineConfig({\n  plugins: [constitution()],\n  test: { globals: true },\n});\n",
  ],
  [
    'an object on one line',
    'export default defineConfig({ test: {} });\n',
    'export default defineConfig({ plugins: [constitution()], test: {} });\n',
  ],
  [
    'a plain object',
    'export default {\n\ttest: {},\n};\n',
    'export default {\n plugins: [constitution()],\n\ttest: {},\n};\n',
  ],
  [
    'an empty one',
    'export default defineConfig({});\n',
    'export default defineConfig({ plugins: [constitution()],});\n',
  ],
  [
    'plugins that are there',
    'export default defineConfig({ plugins: [react()], test: {} });\n',
    'export default defineConfig({ plugins: [constitution(), react()], test: {} });\n',
  ],
  [
    'plugins behind other members',
    "export default defineConfig({\n  root: 'a',\n  resolve: { alias: {} },\n  plugins: [\n    react(),\n  ],\n});\n",
    "export default defineConfig({\n  root: 'a',\n  resolve: { alias: { } },\n  plugins: [constitution(), \n    react(),\n  ],\n});\n".replace(
      '{ }',
      '{}',
    ),
  ],
  [
    'a function',
    'export default defineConfig(({ mode }) => ({ test: {} }));\n',
    'export default defineConfig(({ mode }) => ({ plugins: [constitution()], test: {} }));\n',
  ],
  [
    'plugins of a project inside',
    'export default defineConfig({ test: { projects: [{ plugins: [a()] }] } });\n',
    'export default defineConfig({ plugins: [constitution()], test: { projects: [{ plugins: [a()] }] } });\n',
  ],
  [
    'a comment that looks like one',
    '// defineConfig({ plugins: [] })\nexport default defineConfig({ test: {} });\n',
    '// defineConfig({ plugins: [] })\nexport default defineConfig({ plugins: [constitution()], test: {} });\n',
  ],
])('%s', (_name, before, after) => {
  expect(addPlugin(before)).toBe(IMPORT + after);
});

test('twice is once', () => {
  const once = addPlugin('export default defineConfig({ test: {} });\n') as string;
  expect(addPlugin(once)).toBe('present');
});

test.each([
  'module.exports = { test: {} };',
  "const x = require('x');\nexport default {};",
  'export default config;',
])('not understood: %s', (source) => {
  expect(addPlugin(source)).toBeNull();
});
