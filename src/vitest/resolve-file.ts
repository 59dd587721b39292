import type { Probe, ProbeName } from '../checks/observations.ts';
import type { ProjectCheck } from '../checks/project-check.ts';
import { callWithin } from '../checks/time-limit.ts';
import { loadProbe, loadTestCheck } from '../checks/worker-checks.ts';
import type { NamedCheck, Predicate } from '../core/article.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { CheckResult, TestIdentity } from '../core/finding.ts';
import { within } from '../io/within.ts';
import type { GoverningArticle, GoverningCheck } from './govern.ts';
import type { CompiledArticle, CompiledUse, ProvidedConstitution } from './provided.ts';
import { fileScope, namePatterns } from './scope.ts';
import { compileWaiver } from './waivers.ts';

/** What governs the tests of one file, resolved once a file. */
export interface FileConstitution {
  readonly articles: readonly GoverningArticle[];
  /** Their ids, joined by commas. */
  readonly ids: string;
  /** What has to be watched during each test. */
  readonly probes: ReadonlyMap<ProbeName, Probe<ProbeName>>;
}

/** Imports a module of the project by its path, as its tests would. */
export type ImportModule = (module: string) => Promise<unknown>;

/** A project's own check must not hang the run. */
const PROJECT_CHECK_MS = 1_000;

/** Nor must a module of one that does not come to its end; vite may have to transform it first. */
export const PROJECT_IMPORT_MS = 10_000;

/** A project's own check that cannot be imported becomes one that throws: its articles tell of it, and no test is lost. */
export async function resolveFile(
  provided: ProvidedConstitution,
  place: Pick<TestIdentity, 'file' | 'project'>,
  importModule: ImportModule,
  importMs = PROJECT_IMPORT_MS,
): Promise<FileConstitution> {
  const importInTime: ImportModule = (module) => within(importMs, importModule(module));
  const articles: GoverningArticle[] = [];
  for (const article of provided.articles) {
    if (!fileScope(article)(place)) continue;
    const checks: GoverningCheck[] = [];
    for (const use of article.checks) {
      const check = await resolveCheck(use, provided, importInTime);
      if (check !== null) checks.push(check);
    }
    if (checks.length > 0) articles.push(governing(article, checks, provided.today));
  }
  const probes = new Map<ProbeName, Probe<ProbeName>>();
  for (const name of articles.flatMap((article) => article.checks.flatMap((check) => check.probes)))
    if (!probes.has(name)) probes.set(name, await loadProbe(name));
  return { articles, ids: articles.map(({ id }) => id).join(','), probes };
}

function governing(
  article: CompiledArticle,
  checks: readonly GoverningCheck[],
  today: string,
): GoverningArticle {
  const { id, severity, appliesTo, waivers } = article;
  return {
    id,
    severity,
    names: namePatterns(article),
    tags: appliesTo.tags,
    roles: appliesTo.roles,
    checks,
    waivers: waivers.map((waiver) => compileWaiver(waiver, today)),
  };
}

/** Null for a check of the whole run, which the main process evaluates. */
async function resolveCheck(
  use: CompiledUse,
  provided: ProvidedConstitution,
  importModule: ImportModule,
): Promise<GoverningCheck | null> {
  if ('expect' in use) return predicate(use, provided);
  const builtIn = provided.testChecks.includes(use.uses) ? await loadTestCheck(use.uses) : undefined;
  if (builtIn !== undefined) {
    const { needs, probes = [], copesWithOverlap, repeats = false } = builtIn;
    return {
      name: use.uses,
      needs,
      probes,
      copesWithOverlap: probes.length === 0 || copesWithOverlap === true,
      repeats,
      run: (input) => builtIn.run(input, use.compiled),
    };
  }
  const module = provided.checkModules[use.uses];
  if (module === undefined) return null;
  try {
    return projectCheck(use, await importModule(module));
  } catch (error) {
    return crashedCheck(use, error);
  }
}

async function predicate(use: Predicate, { budget }: ProvidedConstitution): Promise<GoverningCheck> {
  // Loaded only where an article has a predicate: the evaluator is larger than all the rest.
  const { compilePredicate } = await import('../checks/predicate/predicate.ts');
  const compiled = compilePredicate(use);
  return {
    name: 'expect',
    needs: compiled.subject === 'test' ? undefined : 'runs',
    probes: [],
    copesWithOverlap: true,
    repeats: false,
    run: (input) => compiled.run(input, budget),
  };
}

function projectCheck(
  { uses, compiled: options }: Extract<CompiledUse, NamedCheck>,
  module: unknown,
): GoverningCheck {
  const { default: check } = module as { default: ProjectCheck };
  return {
    name: uses,
    needs: check.needs,
    probes: check.probes ?? [],
    copesWithOverlap: check.probes === undefined || check.copesWithOverlap === true,
    repeats: false,
    run: (input) => callWithin(PROJECT_CHECK_MS, () => resultsOf(check.run(input, options), check)),
  };
}

function crashedCheck({ uses }: NamedCheck, cause: unknown): GoverningCheck {
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    name: uses,
    needs: undefined,
    probes: [],
    copesWithOverlap: true,
    repeats: false,
    run: () => {
      throw new ConstitutionError('CX-CONFIG-INVALID', `its module cannot be imported: ${message}`, {
        cause,
      });
    },
  };
}

/** What a project's check returned, if it is what a check may return. */
function resultsOf(results: unknown, { codes }: ProjectCheck): readonly CheckResult[] | null {
  if (results === null) return null;
  if (!Array.isArray(results))
    throw new TypeError('a check returns a list of findings, at once and not as a promise');
  for (const result of results as Partial<CheckResult>[]) {
    if (typeof result?.code !== 'string' || !Object.hasOwn(codes, result.code))
      throw new TypeError(`a finding has a code that the check does not declare: ${String(result?.code)}`);
    const { code, values } = result;
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw new TypeError(`a finding without \`values\`: ${code}`);
  }
  // Nothing else of them: which test and article they belong to is not theirs to say.
  const plain = (results as CheckResult[]).map(({ code, values }) => ({ code, values }));
  return JSON.parse(JSON.stringify(plain)) as CheckResult[];
}
