import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import glob from 'fast-glob';
import { ConstitutionError } from '../../core/errors.ts';
import { addPlugin, hasOwnProjects, NEW_CONFIG, projectGlobs } from './edit-config.ts';

/** A file that would be written, by its path relative to the root; without a text before, it is made. */
export interface PlannedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** What brings the plugin into every project of a suite, and what is left for a person to do. */
export interface PlannedConfig {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
}

const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'cts', 'cjs'];
const CONFIGS = ['vitest.config', 'vite.config'].flatMap((name) =>
  ENDINGS.map((ending) => `${name}.${ending}`),
);
/** Where vitest before 4 has the projects. */
const WORKSPACES = ['vitest.workspace', 'vitest.projects'].flatMap((name) =>
  ENDINGS.map((ending) => `${name}.${ending}`),
);
/** Test files by the names that vitest looks for. */
export const TEST_FILES = '**/*.{test,spec}.?(c|m)[jt]s?(x)';
export const IGNORED = ['**/node_modules/**', '**/dist/**'];

/** What to do by hand where projects do not take over the plugins of the configuration. */
const OWN_PROJECTS =
  'A project that is written out in the configuration is governed only with `extends: true`, or with `constitution()` in its own `plugins`: add one of them to each.';
const BY_HAND =
  "Add `import { constitution } from 'vitest-constitution'`, and `constitution()` to its `plugins`.";

/**
 * Plans the line in the configuration, and in those of projects that have their own: they do not take it over.
 *
 * @throws ConstitutionError CX-INIT where the configuration of the suite has a form that is not understood.
 */
export async function planConfig(root: string): Promise<PlannedConfig> {
  const file = CONFIGS.find((name) => existsSync(path.join(root, name)));
  const suite = file === undefined ? newConfig('vitest.config.mts') : await planned(root, file);
  if (suite === null) {
    throw new ConstitutionError('CX-INIT', 'the configuration has a form that is not understood', {
      place: { file: file as string },
      hint: BY_HAND,
    });
  }
  const workspace = WORKSPACES.find((name) => existsSync(path.join(root, name)));
  const sources = await Promise.all(
    [file, workspace]
      .filter((name) => name !== undefined)
      .map((name) => readFile(path.join(root, name), 'utf8')),
  );
  const own = (await configsOf(root, sources.flatMap(projectGlobs))).filter((name) => name !== suite.file);
  const projects = await planProjects(root, own);
  return {
    files: [suite, ...projects.files].filter(({ before, after }) => before !== after),
    notes: [...(sources.some(hasOwnProjects) ? [OWN_PROJECTS] : []), ...projects.notes],
  };
}

async function planProjects(root: string, configs: readonly string[]): Promise<PlannedConfig> {
  const files: PlannedFile[] = [];
  const notes: string[] = [];
  for (const file of configs) {
    const plan = existsSync(path.join(root, file)) ? await planned(root, file) : newConfig(file);
    if (plan === null) notes.push(`${file} is not understood. ${BY_HAND}`);
    else files.push(plan);
  }
  return { files, notes };
}

/** Configuration files of projects, relative to the root; those that a folder with tests lacks are to be made. */
async function configsOf(root: string, globs: readonly string[]): Promise<string[]> {
  if (globs.length === 0) return [];
  const options = { cwd: root, ignore: IGNORED, onlyFiles: false, markDirectories: true };
  const found = await glob(
    globs.map((pattern) => pattern.replace(/^(!?)\.\//, '$1')),
    options,
  );
  const configs: string[] = [];
  for (const one of found.sort()) {
    if (!one.endsWith('/')) configs.push(one);
    else {
      const own = CONFIGS.find((name) => existsSync(path.join(root, one, name)));
      const hasTests = (await glob(TEST_FILES, { cwd: path.join(root, one), ignore: IGNORED })).length > 0;
      if (own !== undefined || hasTests) configs.push(path.posix.join(one, own ?? 'vitest.config.mts'));
    }
  }
  return configs.filter((file) => /\.[cm]?[jt]s$/.test(file));
}

/** Null where the file has a form that is not understood. */
async function planned(root: string, file: string): Promise<PlannedFile | null> {
  const before = await readFile(path.join(root, file), 'utf8');
  const after = addPlugin(before);
  return after === null ? null : { file, before, after: after === 'present' ? before : after };
}

function newConfig(file: string): PlannedFile {
  return { file, before: '', after: NEW_CONFIG };
}
