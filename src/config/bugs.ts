import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';
import { hashJson, type JsonObject } from '../core/json.ts';
import { didYouMean } from '../core/nearest.ts';
import { BUG_ROLES, type BugRole, type SeededBug, splitOf } from '../core/seeded-bug.ts';
import {
  coderBugSchema,
  coderHiddenTestsSchema,
  type PlannerHiddenTests,
  plannerBugSchema,
  plannerHiddenTestsSchema,
  planSchema,
} from './bug-schemas.ts';
import { loadYaml } from './load-yaml.ts';

/** The folder of a project that holds the seeded bugs: `<role>/<id>/`. */
export const BUGS_FOLDER = 'seeded-bugs';

export interface BugSelection {
  readonly role?: BugRole;
  /** Only these, as `<role>/<id>` or `<id>`. */
  readonly ids?: readonly string[];
  /** The folder that holds `<role>/<id>/`, absolute. Default: `seeded-bugs/` of the project. */
  readonly folder?: string;
}

/** A bug's folder, and the bug in it or what is wrong with it. */
export type InspectedBug = { readonly key: string; readonly role: BugRole; readonly id: string } & (
  | { readonly bug: SeededBug; readonly error: null }
  | { readonly bug: null; readonly error: ConstitutionError }
);

type Described = Pick<SeededBug, 'kind' | 'difficulty' | 'title' | 'visible'>;

const FILES: Record<BugRole, readonly string[]> = {
  coder: ['bug.yaml', 'buggy.py', 'fixed.py', 'hidden_tests.yaml'],
  planner: ['bug.yaml', 'buggy.yaml', 'fixed.yaml', 'hidden_tests.yaml'],
};
const READERS: Record<BugRole, (folder: string, root: string) => Promise<Described>> = {
  coder: readCoderBug,
  planner: readPlannerBug,
};

/**
 * Loads seeded bugs in order of role and id, each checked for form. Whether the hidden tests prove a bug is the
 * business of `bugs verify`, for that runs code.
 *
 * @throws ConstitutionError for the first file that is missing or wrong (CX-CONFIG-MISSING, -SYNTAX, -INVALID), and
 * CX-CONFIG-REFERENCE where `ids` names a bug that does not exist.
 */
export async function loadSeededBugs(root: string, selection: BugSelection = {}): Promise<SeededBug[]> {
  return (await inspectSeededBugs(root, selection)).map(({ bug, error }) => {
    if (error) throw error;
    return bug;
  });
}

/**
 * As {@link loadSeededBugs}, but a wrong folder does not hide the others.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE where `ids` names a bug that does not exist, CX-CONFIG-MISSING where
 * `folder` has none or cannot be read.
 */
export async function inspectSeededBugs(root: string, selection: BugSelection = {}): Promise<InspectedBug[]> {
  const roles = selection.role === undefined ? BUG_ROLES : [selection.role];
  const base = selection.folder ?? path.join(root, BUGS_FOLDER);
  const folders = (await Promise.all(roles.map((role) => foldersOf(root, base, role)))).flat();
  if (folders.length === 0 && selection.folder !== undefined) {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'there is no seeded bug in the folder', {
      place: { file: displayPath(root, base) },
      hint: `Expected are folders of the form ${roles.map((role) => `${role}/<id>/`).join(' or ')}.`,
    });
  }
  return Promise.all(select(folders, selection.ids).map((folder) => inspect(root, base, folder)));
}

async function inspect(root: string, base: string, { role, id }: BugFolder): Promise<InspectedBug> {
  const named = { key: `${role}/${id}`, role, id };
  try {
    return { ...named, bug: await loadBug(root, path.join(base, role, id), role, id), error: null };
  } catch (error) {
    if (error instanceof ConstitutionError) return { ...named, bug: null, error };
    throw error;
  }
}

interface BugFolder {
  readonly role: BugRole;
  readonly id: string;
}

function select(folders: readonly BugFolder[], ids: readonly string[] | undefined): readonly BugFolder[] {
  if (ids === undefined) return folders;
  for (const wanted of ids) {
    if (folders.some((folder) => isNamed(folder, wanted))) continue;
    const known = folders.map(({ role, id }) => (wanted.includes('/') ? `${role}/${id}` : id));
    throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no seeded bug "${wanted}"`, {
      hint: didYouMean(wanted, known),
    });
  }
  return folders.filter((folder) => ids.some((wanted) => isNamed(folder, wanted)));
}

function isNamed({ role, id }: BugFolder, wanted: string): boolean {
  return wanted === id || wanted === `${role}/${id}`;
}

async function foldersOf(root: string, base: string, role: BugRole): Promise<BugFolder[]> {
  const entries = await readdir(path.join(base, role), { withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return [];
      throw new ConstitutionError('CX-CONFIG-MISSING', 'the folder of seeded bugs cannot be read', {
        place: { file: displayPath(root, path.join(base, role)) },
        cause,
      });
    },
  );
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => ({ role, id: entry.name }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function loadBug(root: string, absolute: string, role: BugRole, id: string): Promise<SeededBug> {
  const folder = displayPath(root, absolute);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    throw new ConstitutionError('CX-CONFIG-INVALID', `"${id}" is not an id of a seeded bug`, {
      place: { file: folder },
      hint: 'Name the folder in lower case, words joined by hyphens, e.g. sum-to-n.',
    });
  }
  const contents: JsonObject = {};
  for (const file of FILES[role]) contents[file] = await read(absolute, file, root);
  return {
    id,
    role,
    split: splitOf(id),
    folder,
    sha256: hashJson(contents),
    ...(await READERS[role](absolute, root)),
  };
}

async function readCoderBug(folder: string, root: string): Promise<Described> {
  const { kind, difficulty, title, entry, examples, line, failing } = await loadYaml(
    path.join(folder, 'bug.yaml'),
    coderBugSchema,
    { root },
  );
  const hidden = await loadYaml(path.join(folder, 'hidden_tests.yaml'), coderHiddenTestsSchema, { root });
  if (hidden.length < failing) {
    const message = `the file: too few hidden tests, there are ${hidden.length}`;
    throw invalid(folder, 'hidden_tests.yaml', root, message, `Expected at least ${failing}.`);
  }
  const code = await read(folder, 'buggy.py', root);
  await requireFunction(folder, 'fixed.py', entry, root);
  await requireFunction(folder, 'buggy.py', entry, root);
  if (line > code.trimEnd().split('\n').length) {
    throw invalid(folder, 'bug.yaml', root, `line: buggy.py has no line ${line}`, 'Lines count from 1.');
  }
  return { kind, difficulty, title, visible: { code, entry, examples } };
}

async function readPlannerBug(folder: string, root: string): Promise<Described> {
  const load = <Schema extends Parameters<typeof loadYaml>[1]>(file: string, schema: Schema) =>
    loadYaml(path.join(folder, file), schema, { root });
  const { kind, difficulty, title, tasks, brief } = await load('bug.yaml', plannerBugSchema);
  const { plan } = await load('buggy.yaml', planSchema);
  await load('fixed.yaml', planSchema);
  for (const [key, named] of tasksNamed(await load('hidden_tests.yaml', plannerHiddenTestsSchema))) {
    const stranger = named.find((task) => !tasks.includes(task));
    if (stranger === undefined) continue;
    throw invalid(
      folder,
      'hidden_tests.yaml',
      root,
      `${key}: "${stranger}" is none of the tasks in bug.yaml`,
      didYouMean(stranger, tasks),
    );
  }
  return { kind, difficulty, title, visible: { brief, tasks, plan } };
}

/** The tasks that each key names. */
function tasksNamed(hidden: PlannerHiddenTests): [key: keyof PlannerHiddenTests, tasks: string[]][] {
  const { dependencies, resources = [], deadlines = [], withdrawn = [] } = hidden;
  return [
    ['dependencies', dependencies.flat()],
    ['resources', resources.flatMap(({ order }) => order)],
    ['deadlines', deadlines.flatMap(({ task, before }) => [task, before])],
    ['withdrawn', withdrawn.flat()],
  ];
}

async function requireFunction(folder: string, file: string, entry: string, root: string): Promise<void> {
  if (new RegExp(`^def ${entry}\\(`, 'm').test(await read(folder, file, root))) return;
  throw invalid(folder, file, root, `there is no function "${entry}"`, 'bug.yaml names it as its entry.');
}

async function read(folder: string, file: string, root: string): Promise<string> {
  try {
    return await readFile(path.join(folder, file), 'utf8');
  } catch (cause) {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'the file cannot be read', {
      place: placeOf(folder, file, root),
      hint: 'A seeded bug needs it; seeded-bugs/README.md lists the files of each role.',
      cause,
    });
  }
}

function invalid(folder: string, file: string, root: string, message: string, hint: string) {
  return new ConstitutionError('CX-CONFIG-INVALID', message, { place: placeOf(folder, file, root), hint });
}

function placeOf(folder: string, file: string, root: string) {
  return { file: displayPath(root, path.join(folder, file)) };
}

/** Relative to the root where it lies inside of it; `/` as separator. */
function displayPath(root: string, file: string): string {
  const relative = path.relative(root, file);
  return (relative.startsWith('..') ? file : relative).split(path.sep).join('/');
}
