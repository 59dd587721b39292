import { createHash } from 'node:crypto';
import path from 'node:path';
import { packageVersion } from '../config/package-root.ts';
import { filesIn } from '../io/files-in.ts';
import { kept } from '../io/kept.ts';
import { readConfigText } from '../io/read-config-text.ts';
import type { CompiledConstitution } from './compile-constitution.ts';
import type { ProjectChecks, ProjectHost } from './project-checks.ts';
import type { ProvidedConstitution } from './provided.ts';

/** The folders of a project's constitution, relative to its root. */
export interface ConstitutionPlaces {
  /** Folder of the article files; its subfolder `checks` holds the project's own checks. */
  readonly articles: string;
  readonly baseline: string;
}

/** The name of this module: in the package it changes with the code, so that another build does not use what is kept. */
const BUILD = path.basename(import.meta.url);

/**
 * Loads the articles of a project and everything they refer to, ready for the workers. What was compiled before from the
 * same files is used again: the libraries that read and check YAML take longer to load than all the rest.
 *
 * @throws ConstitutionError for an article or a check that is wrong.
 */
export async function loadConstitution(
  vitest: ProjectHost,
  { articles, baseline }: ConstitutionPlaces,
): Promise<Omit<ProvidedConstitution, 'service'>> {
  const { root } = vitest.config;
  const folder = path.join(root, articles);
  const own = await projectChecks(vitest, path.join(folder, 'checks'));
  const compile = async () => {
    const { compileConstitution } = await import('./compile-constitution.ts');
    return compileConstitution(root, folder, own);
  };
  const place = Object.keys(own.modules).length === 0 ? keptIn(vitest) : null;
  const compiled: CompiledConstitution =
    place === null ? await compile() : await kept(place, await keyOf(root, folder), compile);
  return {
    ...compiled,
    root: root.split(path.sep).join('/'),
    today: new Date().toISOString().slice(0, 10),
    baselineFile: path.join(root, baseline),
    checkModules: own.modules,
    templates: own.templates,
  };
}

/** A project without checks of its own does not load what reads them. */
async function projectChecks(vitest: ProjectHost, folder: string): Promise<ProjectChecks> {
  if ((await filesIn(folder, /./)).length === 0)
    return { declarations: {}, modules: {}, probes: {}, templates: {} };
  const { loadProjectChecks } = await import('./project-checks.ts');
  return loadProjectChecks(vitest, folder);
}

/** Beside vite's own cache; null where there is none, and for the sources, whose name does not tell one state from another. */
function keptIn(vitest: ProjectHost): string | null {
  const folder = vitest.vite?.config?.cacheDir;
  return folder && BUILD.endsWith('.mjs') ? path.join(folder, 'vitest-constitution', 'articles.json') : null;
}

/** Stands for everything that the compiled articles depend on. */
async function keyOf(root: string, folder: string): Promise<string> {
  const files = [path.join(root, 'gate.yaml')];
  for (const name of await filesIn(folder, /\.ya?ml$/)) files.push(path.join(folder, name));
  const texts = await Promise.all(files.map(readConfigText));
  const parts = [
    BUILD,
    packageVersion(),
    ...files.map((file, index) => [path.relative(root, file), texts[index]]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
