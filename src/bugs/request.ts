import path from 'node:path';
import { plannerHiddenTestsSchema, planSchema } from '../config/bug-schemas.ts';
import { loadYaml } from '../config/load-yaml.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { BugRole } from '../core/seeded-bug.ts';
import { coderDraft, plannerFiles } from './bug-files.ts';
import { requireFree, requireId } from './bug-folder.ts';
import { BugMaker, isNoBug } from './maker.ts';
import type { Proposal } from './new-bug.ts';
import { proposeCoderBug, type Wishes } from './propose.ts';
import { bugOfCommit, bugOfDiff, bugOfFiles, plantedBug, type Sourced } from './sources.ts';

/** Everything that `bugs new` can be told. Files are paths as the caller's folder sees them. */
export interface BugRequest extends Wishes {
  readonly root: string;
  readonly signal: AbortSignal;
  readonly role: BugRole;
  readonly buggy?: string;
  readonly fixed?: string;
  readonly tests?: string;
  readonly tasks?: string;
  readonly brief?: string;
  readonly diff?: string;
  readonly commit?: string;
  readonly mutate?: string;
  readonly repo?: string;
  readonly seed: number;
}

export interface Proposed {
  readonly proposal: Proposal;
  /** Assertions that became no hidden test, each with the reason. */
  readonly left: readonly { readonly where: string; readonly why: string }[];
  /** Whether nothing but a scaffold was asked for. */
  readonly scaffold: boolean;
}

/**
 * Makes what is asked for, up to the point where it could be written.
 *
 * @throws ConstitutionError CX-USAGE for what is missing or contradicts itself, CX-BUG-EXISTS, CX-BUG-SOURCE where
 * nothing can be made of the source.
 */
export async function proposeBug(request: BugRequest): Promise<Proposed> {
  refuseMalformed(request);
  if (request.role === 'planner') return { proposal: await plannerBug(request), left: [], scaffold: true };
  const sourced = await sourceOf(request);
  if (sourced === null) return { proposal: await coderScaffold(request), left: [], scaffold: true };
  const { made, origin } = sourced;
  const planted = request.mutate !== undefined;
  if (isNoBug(made) && (planted || request.buggy !== undefined)) {
    const named = request.mutate ?? (made.file === 'program.py' ? request.fixed : request.tests);
    throw new ConstitutionError('CX-BUG-SOURCE', made.why, {
      ...(made.file === null
        ? {}
        : { place: { file: named ?? made.file, ...(made.line ? { line: made.line } : {}) } }),
      hint: hintFor(planted, made.line !== null),
    });
  }
  const proposal = await proposeCoderBug(made, request, origin);
  return { proposal, left: isNoBug(made) ? [] : made.left, scaffold: false };
}

function refuseMalformed({ kind, entry, title }: BugRequest): void {
  const wrong =
    kind !== undefined && !/^[a-z][a-z0-9-]*$/.test(kind)
      ? `"${kind}" is no kind: lower case, words joined by hyphens, e.g. off-by-one`
      : entry !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(entry)
        ? `"${entry}" is no name of a Python function`
        : title?.trim() === ''
          ? 'the title is empty'
          : null;
  if (wrong !== null) throw new ConstitutionError('CX-USAGE', wrong);
}

function hintFor(planted: boolean, hasPlace: boolean): string {
  if (hasPlace) return 'Correct the file there.';
  if (planted)
    return 'Name another function with --entry, another --seed or --kind, or more tests with --tests.';
  return 'Name the function with --entry.';
}

/** What the request's source gives; null where it names none. */
async function sourceOf(request: BugRequest): Promise<Sourced | null> {
  const { root, signal, entry, kind, seed, buggy, fixed, tests } = request;
  const repository = path.resolve(request.repo ?? '.');
  const maker = () => BugMaker.of(root, signal);
  if (request.commit !== undefined)
    return bugOfCommit(await maker(), { repository, revision: request.commit, entry, signal });
  if (request.diff !== undefined) return bugOfDiff(await maker(), { file: request.diff, repository, entry });
  if (request.mutate !== undefined)
    return plantedBug(await maker(), {
      file: request.mutate,
      tests,
      repository: treeOf(request),
      entry,
      kind,
      seed,
    });
  if (buggy === undefined && fixed === undefined && tests === undefined) return null;
  if (buggy === undefined || fixed === undefined) {
    throw new ConstitutionError('CX-USAGE', 'the program is needed before and after its fix', {
      hint: 'Give both --buggy and --fixed, and the tests with --tests.',
    });
  }
  return bugOfFiles(await maker(), { buggy, fixed, tests, entry });
}

/** Where the imports of a program to mutate start: the named folder, the current one, or its own. */
function treeOf({ repo, mutate = '' }: BugRequest): string {
  if (repo !== undefined) return path.resolve(repo);
  const inside = !path.relative(process.cwd(), path.resolve(mutate)).startsWith('..');
  return inside ? process.cwd() : path.dirname(path.resolve(mutate));
}

async function coderScaffold(request: BugRequest): Promise<Proposal> {
  const { base, force, difficulty = 1 } = request;
  const { id, kind, title } = required(request);
  const place = { base, role: 'coder' as const, id };
  await requireFree(place, force);
  const entry = request.entry ?? id.replaceAll('-', '_');
  const description = { kind, difficulty, title };
  const nothing = { entry, buggy: '', fixed: '', line: 1, examples: [], hidden: [] };
  return {
    place,
    description,
    files: coderDraft(description, nothing, []),
    missing: ['the program, its fix and its tests are to be written'],
  };
}

async function plannerBug(request: BugRequest): Promise<Proposal> {
  const { root, base, force, difficulty = 1, buggy, fixed, tests, tasks = '', brief = '' } = request;
  const { id, kind, title } = required(request);
  const place = { base, role: 'planner' as const, id };
  await requireFree(place, force);
  const plan = async (file: string | undefined) =>
    file === undefined ? [] : (await loadYaml(path.resolve(file), planSchema, { root })).plan;
  const hidden =
    tests === undefined ? null : await loadYaml(path.resolve(tests), plannerHiddenTestsSchema, { root });
  const parts = {
    tasks: tasks.split(',').flatMap((task) => task.trim() || []),
    brief,
    stale: await plan(buggy),
    right: await plan(fixed),
    hidden,
  };
  const wanted = {
    tasks: '--tasks',
    brief: '--brief',
    stale: '--buggy',
    right: '--fixed',
    hidden: '--tests',
  };
  const missing = Object.entries(wanted)
    .filter(([part]) => isEmpty(parts[part as keyof typeof parts]))
    .map(([, flag]) => flag);
  const description = { kind, difficulty, title };
  return {
    place,
    description,
    files: plannerFiles(description, parts),
    missing: missing.length > 0 ? [`to be written is what ${missing.join(', ')} would have brought`] : [],
  };
}

function isEmpty(part: string | readonly string[] | object | null): boolean {
  return part === null || part === '' || (Array.isArray(part) && part.length === 0);
}

/** What a scaffold cannot do without. */
function required({ id, kind, title }: BugRequest): { id: string; kind: string; title: string } {
  if (id !== undefined && kind !== undefined && title !== undefined)
    return { id: requireId(id), kind, title };
  const missing = Object.entries({ '--id': id, '--kind': kind, '--title': title })
    .filter(([, value]) => value === undefined)
    .map(([flag]) => flag);
  throw new ConstitutionError('CX-USAGE', `a new bug needs ${missing.join(', ')}`, {
    hint: 'At a terminal they are asked for; or name a source: --buggy and --fixed, --from-diff, --from-commit, --mutate.',
  });
}
