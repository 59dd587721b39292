import { defineConfig, type UserConfig } from 'tsdown';

// Type declarations are for the published package only; the repository's own set-up builds without them.
const dts = process.env['CONSTITUTION_BUILD'] !== 'repository';
const shared = {
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outDir: 'dist',
  clean: false,
  // For `npm run coverage`, which looks for them beside their files; they are not published.
  sourcemap: 'hidden',
  // What is imported for nothing but a part that was dropped is not loaded: every test worker would pay for it.
  treeshake: { moduleSideEffects: 'no-external' },
  logLevel: 'warn',
} as const;

/** Files that vitest loads by path, each self-contained but for what is named; vitest inlines those that end in .mts. */
const loadedByVitest = (name: string, ending: '.mjs' | '.mts', external: string[] = []): UserConfig => ({
  ...shared,
  entry: { [name]: `src/vitest/${name}.mts` },
  noExternal: [/.*/],
  // All it may bundle: under CI=1, tsdown fails on a package that is not named here.
  inlineOnly: ['@marcbachmann/cel-js'],
  external: ['vitest', /^node:/, ...external],
  outExtensions: () => ({ js: ending }),
  dts: false,
});

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
  // As an .mjs the setup file would be externalized, and with `isolate: false` govern a worker's first test file only.
  loadedByVitest('setup', '.mts', ['./govern-files.mjs']),
  // Every worker reads it anew, for each file: what it does not need at once is in files of its own, and what those share with
  // it stays in the one that is read anyway.
  {
    ...loadedByVitest('govern-files', '.mjs'),
    minify: true,
    inputOptions: { preserveEntrySignatures: 'allow-extension' },
  },
  loadedByVitest('global-setup', '.mts'),
]);
