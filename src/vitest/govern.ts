import type { Check, CheckInput } from '../checks/check.ts';
import { CHECKS } from '../checks/registry.ts';
import type { Finding, TestIdentity } from '../core/finding.ts';
import type { CompiledArticle } from './provided.ts';

/** What governing one test brought. */
export interface Judgement {
  /** Ids of the articles that had something to check in this test. */
  readonly articles: string[];
  readonly findings: Finding[];
}

/** The articles that can govern tests of a file, resolved once a file. */
export function articlesOfFile(
  articles: readonly CompiledArticle[],
  file: string,
  project: string,
): readonly CompiledArticle[] {
  return articles.filter(
    ({ appliesTo, filePatterns }) =>
      (filePatterns.length === 0 || filePatterns.some((source) => new RegExp(source).test(file))) &&
      (appliesTo.projects.length === 0 || appliesTo.projects.includes(project)),
  );
}

/** Runs every check of the articles that govern a test. A check that throws is a finding of its own. */
export function judge(
  articles: readonly CompiledArticle[],
  test: TestIdentity,
  input: CheckInput,
  checks: Readonly<Record<string, Check>> = CHECKS,
): Judgement {
  const judgement: Judgement = { articles: [], findings: [] };
  for (const article of articles) {
    if (!matchesName(article, test.name)) continue;
    const seen = restrictToRoles(input, article.appliesTo.roles);
    if (seen === null) continue;
    let governed = false;
    for (const { uses, with: options } of article.checks) {
      const check = checks[uses];
      if (check !== undefined && !hasWhatItNeeds(check, seen)) continue;
      governed = true;
      const base = { article: article.id, check: uses, severity: article.severity, test };
      try {
        if (check === undefined) throw new TypeError(`no check is named "${uses}"`);
        for (const result of check.run(seen, options)) judgement.findings.push({ ...base, ...result });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        judgement.findings.push({ ...base, code: 'CX-CHECK-CRASHED', values: { message } });
      }
    }
    if (governed) judgement.articles.push(article.id);
  }
  return judgement;
}

function matchesName(article: CompiledArticle, name: string): boolean {
  const { names } = article.appliesTo;
  return names.length === 0 || names.some((source) => new RegExp(source, 'u').test(name));
}

/** The input with runs of the given roles only; null where an article asks for roles that the test did not run. */
function restrictToRoles(input: CheckInput, roles: readonly string[]): CheckInput | null {
  if (roles.length === 0) return input;
  const runs = input.runs.filter((run) => roles.includes(run.role));
  return runs.length === 0 ? null : { ...input, runs };
}

function hasWhatItNeeds(check: Check, input: CheckInput): boolean {
  if (check.needs === 'runs') return input.runs.length > 0;
  if (check.needs === 'schemas') return input.schemas.length > 0;
  return true;
}
