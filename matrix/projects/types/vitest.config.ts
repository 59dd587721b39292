import type { Plugin } from 'vitest/config';
import { defineConfig } from 'vitest/config';
import { type ConstitutionOptions, constitution } from 'vitest-constitution';

const options: ConstitutionOptions = { articles: 'constitution', mode: 'replay' };
const plugin: Plugin = constitution(options);

export default defineConfig({ plugins: [plugin, constitution()], test: { globals: false } });
