import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import type { TestProject, Vitest } from 'vitest/node';
import type { GatewayMode } from '../core/pipeline-run.ts';
import { loadConstitution } from './load-constitution.ts';
import type { ProvidedConstitution } from './provided.ts';
import { ConstitutionReporter, type ReporterOptions, type RunResult } from './reporter.ts';
import type { PythonService, ServiceOptions } from './service.ts';

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

/** The self-contained setup file: TypeScript in the sources, bundled with the same ending in the package. */
const SETUP_FILE = fileURLToPath(new URL('./setup.mts', import.meta.url));

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
  const shared = new WeakMap<Vitest, Promise<ProvidedConstitution>>();
  return {
    name: 'vitest-constitution',
    async configureVitest({ vitest, project }) {
      let prepared = shared.get(vitest);
      if (prepared === undefined) {
        prepared = prepare(vitest, options, hooks);
        shared.set(vitest, prepared);
      }
      govern(project, await prepared);
    },
  };
}

/** What is done once for a vitest process, however many projects it has. */
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

function govern(project: TestProject, provided: ProvidedConstitution): void {
  project.config.setupFiles.unshift(SETUP_FILE);
  project.provide('constitution', provided);
}
