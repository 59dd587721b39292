import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Vitest } from 'vitest/node';
import { ConstitutionError } from '../core/errors.ts';
import { loadConstitution } from './load-constitution.ts';
import type { ConstitutionHooks, ConstitutionOptions } from './options.ts';
import type { ProvidedConstitution } from './provided.ts';
import { ConstitutionReporter } from './reporter.ts';
import type { PythonService, ServiceOptions } from './service.ts';
import { presentable } from './startup-error.ts';
import { watchArticles } from './watch-articles.ts';

const DEFAULT_FOLDER = 'constitution';

/**
 * What is done once for a run, however many projects it has: loads the constitution, starts what pipelines need, and adds
 * the reporter.
 *
 * @throws ConstitutionError that vitest prints as the command line would.
 */
export async function prepareRun(
  vitest: Vitest,
  options: ConstitutionOptions,
  hooks: ConstitutionHooks,
): Promise<ProvidedConstitution> {
  try {
    return await prepare(vitest, options, hooks);
  } catch (error) {
    throw presentable(error);
  }
}

async function prepare(
  vitest: Vitest,
  options: ConstitutionOptions,
  hooks: ConstitutionHooks,
): Promise<ProvidedConstitution> {
  // Running tests end with an error of their own; those that have not begun are skipped.
  hooks.signal?.addEventListener('abort', () => void vitest.cancelCurrentRun('keyboard-input'), {
    once: true,
  });
  const { articles = DEFAULT_FOLDER, baseline = 'eval/baseline.json' } = options;
  const folder = path.join(vitest.config.root, articles);
  if (options.articles !== undefined && !existsSync(folder)) throw noSuchFolder(articles);
  const load = () => loadConstitution(vitest, { articles, baseline });
  const constitution = await load();
  watchArticles(vitest, folder, load);

  const service = await servicesOf(vitest, { ...hooks, mode: options.mode ?? 'replay' });
  if (service) await hooks.onService?.(service);

  const provided = { ...constitution, ...(service ? { service: service.address } : {}) };
  const reporter = new ConstitutionReporter(provided, options.reporter ?? {}, hooks.onEnd);
  vitest.config.reporters.push(reporter as never);
  return provided;
}

/** A folder that is named and not there would govern nothing, without a word. */
function noSuchFolder(articles: string): ConstitutionError {
  return new ConstitutionError('CX-CONFIG-MISSING', 'the folder of the articles does not exist', {
    place: { file: articles },
    hint: 'Correct the option `articles` of `constitution()`, which is relative to the root, or make the folder.',
  });
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
