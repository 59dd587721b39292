import { defineConfig } from 'tsdown';

// Type declarations are for the published package only; the repository's own set-up builds without them.
const dts = process.env['CONSTITUTION_BUILD'] === 'package';
const shared = {
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outDir: 'dist',
  clean: false,
  logLevel: 'warn',
} as const;

export default defineConfig([
  { ...shared, entry: { cli: 'src/cli/main.ts', 'lm-server': 'src/lm/server-main.ts' }, dts: false },
  {
    ...shared,
    entry: {
      index: 'src/vitest/index.ts',
      test: 'src/vitest/test.ts',
      check: 'src/vitest/check.ts',
      gate: 'src/vitest/gate/runtime.ts',
    },
    dts,
  },
  {
    // The setup file is one self-contained module with the ending .mts: vitest inlines such a file, whereas an
    // .mjs is externalized and with `isolate: false` would govern a worker's first test file only.
    ...shared,
    entry: { setup: 'src/vitest/setup.mts' },
    noExternal: [/.*/],
    external: ['vitest', /^node:/],
    outExtensions: () => ({ js: '.mts' }),
    dts: false,
  },
]);
