// Small on purpose: everything heavy is loaded when a run is governed, so that a suite with the plugin switched off is
// what it would be without it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Plugin, ViteUserConfig } from 'vitest/config';
import { ConstitutionError } from '../core/errors.ts';
import type { ConstitutionHooks, ConstitutionOptions } from './options.ts';
import { SWITCH } from './overhead/switch.ts';
import type { ProvidedConstitution } from './provided.ts';
import { addSetupFile, markAsked } from './setup-file.ts';
import { isBenchmark } from './ungoverned.ts';

/** Tells of a run in which no project has the plugin; TypeScript in the sources and in the package, as the setup file. */
const GLOBAL_SETUP_FILE = fileURLToPath(new URL('./global-setup.mts', import.meta.url));

/** What was prepared for a run, by the resolved configuration of it: a restart of vitest makes a new one. */
const runs = new WeakMap<object, { options: ConstitutionOptions; prepared: Promise<ProvidedConstitution> }>();

/**
 * The Vitest plugin: governs every test of the project by the articles of its constitution, and makes the
 * `dspy` fixture work where the project declares Python environments.
 *
 * @throws ConstitutionError before the first test where an article file is wrong.
 */
export function constitution(options: ConstitutionOptions = {}): Plugin {
  return constitutionWithHooks(options, {});
}

/** {@link constitution} for the gate, which runs vitest itself. */
export function constitutionWithHooks(options: ConstitutionOptions, hooks: ConstitutionHooks): Plugin {
  return {
    name: 'vitest-constitution',
    config: (config) =>
      process.env[SWITCH] !== 'off' && declaresProjects(config)
        ? { test: { globalSetup: [GLOBAL_SETUP_FILE] } }
        : undefined,
    async configureVitest({ vitest, project }) {
      // `overhead` compares the suite with itself, without us.
      if (process.env[SWITCH] === 'off') return;
      if (isBenchmark(project)) return;
      let run = runs.get(vitest.config);
      if (run === undefined) {
        const prepare = async () => (await import('./prepare-run.ts')).prepareRun(vitest, options, hooks);
        markAsked(vitest);
        run = { options, prepared: prepare() };
        runs.set(vitest.config, run);
      } else if (!isDeepStrictEqual(run.options, options)) throw differentOptions();
      const provided = await run.prepared;
      if (project.config.browser.enabled) return;
      addSetupFile(project);
      const { unstubEnvs: envs = false, unstubGlobals: globals = false } = project.config;
      const unstubbed = envs || globals ? { unstubbed: { envs, globals } } : {};
      project.provide('constitution', { ...provided, ...unstubbed });
    },
  };
}

/** Whether a configuration has projects of its own, here or (before vitest 4) in a workspace file. */
function declaresProjects({ root = process.cwd(), test = {} }: ViteUserConfig): boolean {
  const { projects, workspace } = test as { projects?: unknown; workspace?: unknown };
  return (
    projects !== undefined ||
    workspace !== undefined ||
    ['ts', 'mts', 'js', 'mjs', 'json'].some((ending) =>
      existsSync(path.join(root, `vitest.workspace.${ending}`)),
    )
  );
}

function differentOptions(): ConstitutionError {
  return new ConstitutionError(
    'CX-CONFIG-INVALID',
    'projects of one run set up the constitution differently',
    {
      hint: 'One constitution governs a run: give `constitution()` the same options in every configuration.',
    },
  );
}
