import type { Probe, ProbeName } from '../checks/observations.ts';
import { loadProbe, loadTestCheck } from '../checks/worker-checks.ts';
import type { Predicate } from '../core/article.ts';
import type { TestIdentity } from '../core/finding.ts';
import type { GoverningArticle, GoverningCheck } from './govern.ts';
import type { CompiledArticle, CompiledUse, ProvidedConstitution } from './provided.ts';
import type { ImportModule } from './resolve-project-check.ts';
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

/** A module of a project's own check that does not come to its end must not hang the run; vite may have to transform it first. */
export const PROJECT_IMPORT_MS = 10_000;

/** Resolves what governs a file. The project's own checks are imported by `importModule`, each within `importMs`. */
export async function resolveFile(
  provided: ProvidedConstitution,
  place: Pick<TestIdentity, 'file' | 'project'>,
  importModule: ImportModule,
  importMs = PROJECT_IMPORT_MS,
): Promise<FileConstitution> {
  const articles: GoverningArticle[] = [];
  for (const article of provided.articles) {
    if (!fileScope(article)(place)) continue;
    const checks: GoverningCheck[] = [];
    for (const use of article.checks) {
      const check = await resolveCheck(use, provided, importModule, importMs);
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
  importMs: number,
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
  // Loaded only where an article uses one, as all that a worker reads anew for each file.
  const { resolveProjectCheck } = await import('./resolve-project-check.ts');
  return resolveProjectCheck(use, module, importModule, importMs);
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
