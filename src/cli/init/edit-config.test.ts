import { expect, test } from 'vitest';
import { addPlugin, hasOwnProjects, projectGlobs } from './edit-config.ts';

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
    'a project',
    'export default defineProject({ test: {} });\n',
    'export default defineProject({ plugins: [constitution()], test: {} });\n',
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
  'export default defineConfig({ plugins: cond ? [a()] : [] });',
  'export default defineConfig({ plugins: [a()].concat(others) });',
  'export default defineConfig({ plugins: cond ? [a()] : [], test: {} });',
  'export default defineConfig({ plugins, test: {} });',
  'export default defineConfig({ test: {}, plugins });',
  'export default defineConfig({ plugins() { return []; } });',
  'export default defineConfig({ plugins: own });',
  'export default defineConfig({ ...base, test: {} });',
])('not understood: %s', (source) => {
  expect(addPlugin(source)).toBeNull();
});

test.each([
  ["/// <reference types='vitest/config' />\n", ''],
  ['#!/usr/bin/env node\n', ''],
  ["// why\n/* who */\n/// <reference types='a' />\n\n/// <reference types='b' />\n", "import a from 'a';\n"],
])('what has to be first stays first: %j', (first, rest) => {
  const config = 'export default defineConfig({ test: {} });\n';
  const after = config.replace('{ test', '{ plugins: [constitution()], test');
  expect(addPlugin(first + rest + config)).toBe(first + IMPORT + rest + after);
});

test.each([
  ['export default { "plugins": [a()] };', 'export default { "plugins": [constitution(), a()] };'],
  [
    'export default { plugins: [a([1]), b] as Plugin[] };',
    'export default { plugins: [constitution(), a([1]), b] as Plugin[] };',
  ],
  [
    'export default { ...base, plugins: [a()] };',
    'export default { ...base, plugins: [constitution(), a()] };',
  ],
  ['export default { pluginsOf: 1 };', 'export default { plugins: [constitution()], pluginsOf: 1 };'],
])('%s', (before, after) => {
  expect(addPlugin(before)).toBe(IMPORT + after);
});

test.each([
  ['export default { test: { projects: [{ test: { name: "a" } }] } };', true],
  ['export default { test: { projects: ["packages/*", { extends: true, test: {} }, { test: {} }] } };', true],
  ['export default { test: { projects: [{ test: { extends: true } }] } };', true],
  ['export default { test: { projects: [{ test: {}, extends: true }, "packages/*"] } };', false],
  ['export default { test: { projects: ["packages/*"] } };', false],
  ['export default { test: {} }; // projects: [{}]', false],
  ['export default defineWorkspace(["packages/*", { test: {} }]);', true],
  ['export default [{ extends: "./vitest.config.ts", test: {} }];', false],
])('projects that do not extend the configuration: %s', (source, expected) => {
  expect(hasOwnProjects(source)).toBe(expected);
});

test.each<[string, string[]]>([
  [
    'export default { test: { projects: [\'packages/*\', { test: {} }, "!packages/old", name] } };',
    ['packages/*', '!packages/old'],
  ],
  ["export default defineWorkspace(['a/vitest.config.ts']);", ['a/vitest.config.ts']],
  ["export default ['a'];", ['a']],
  ["export default { test: { include: ['a'] } }; // projects: ['b']", []],
])('the globs of projects: %s', (source, expected) => {
  expect(projectGlobs(source)).toEqual(expected);
});

test('lines end as they did', () => {
  const before = 'export default {\r\n  test: {},\r\n};\r\n';
  const after = 'export default {\r\n  plugins: [constitution()],\r\n  test: {},\r\n};\r\n';
  expect(addPlugin(before)).toBe(IMPORT.replace('\n', '\r\n') + after);
});
