import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Plugin, ViteUserConfig } from 'vitest/config';
import type { Vitest } from 'vitest/node';
import { ConstitutionError } from '../core/errors.ts';
import type { GatewayMode } from '../core/pipeline-run.ts';
import { loadConstitution } from './load-constitution.ts';
import { SWITCH } from './overhead/switch.ts';
import type { ProvidedConstitution } from './provided.ts';
import { ConstitutionReporter, type ReporterOptions, type RunResult } from './reporter.ts';
import type { PythonService, ServiceOptions } from './service.ts';
import { addSetupFile, markAsked } from './setup-file.ts';
import { presentable } from './startup-error.ts';
import { isBenchmark } from './ungoverned.ts';

/** Options of {@link constitution}; every one has a default. */
export interface ConstitutionOptions {
  /** Folder of the article files, relative to the root. Default `constitution`. */
  readonly articles?: string;
  /** The frozen reference, relative to the root. Default `eval/baseline.json`. */
  readonly baseline?: string;
  /** How LM requests of pipelines are answered. Default `replay`. */
  readonly mode?: GatewayMode;
  readonly reporter?: ReporterOptions;
}

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

/** What a program that runs vitest itself wants to be told. */
export interface ConstitutionHooks extends Pick<ServiceOptions, 'note' | 'signal'> {
  /** The first test waits for what it returns. */
  readonly onService?: (service: PythonService) => void | Promise<void>;
  readonly onEnd?: (result: RunResult) => void;
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
        markAsked(vitest);
        run = { options, prepared: prepare(vitest, options, hooks) };
        runs.set(vitest.config, run);
      } else if (!isDeepStrictEqual(run.options, options)) throw differentOptions();
      const provided = await run.prepared.catch((error: unknown) => {
        throw presentable(error);
      });
      if (project.config.browser.enabled) return;
      addSetupFile(project);
      project.provide('constitution', provided);
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

/** What is done once for a run, however many projects it has. */
async function prepare(
  vitest: Vitest,
  options: ConstitutionOptions,
  hooks: ConstitutionHooks,
): Promise<ProvidedConstitution> {
  // Running tests end with an error of their own; those that have not begun are skipped.
  hooks.signal?.addEventListener('abort', () => void vitest.cancelCurrentRun('keyboard-input'), {
    once: true,
  });
  const constitution = await loadConstitution(vitest, {
    articles: options.articles ?? 'constitution',
    baseline: options.baseline ?? 'eval/baseline.json',
  });

  const service = await servicesOf(vitest, { ...hooks, mode: options.mode ?? 'replay' });
  if (service) await hooks.onService?.(service);

  const provided = { ...constitution, ...(service ? { service: service.address } : {}) };
  const reporter = new ConstitutionReporter(provided, options.reporter ?? {}, hooks.onEnd);
  vitest.config.reporters.push(reporter as never);
  return provided;
}

/** Python and LMs, for a project that declares them; a suite that has neither loads and opens nothing. */
async function servicesOf(vitest: Vitest, options: ServiceOptions): Promise<PythonService | undefined> {
  const { root } = vitest.config;
  if (!existsSync(path.join(root, 'environments')) || !existsSync(path.join(root, 'gate.yaml')))
    return undefined;
  const { startService } = await import('./service.ts');
  const service = await startService(root, options);
  vitest.onClose(() => service.close());
  return service;
}
