import { existsSync } from 'node:fs';
import path from 'node:path';
import { DECLARATIONS } from '../checks/declarations.ts';
import { TEST_CHECKS } from '../checks/test-registry.ts';
import { loadArticles, type PredicateFault } from '../config/articles.ts';
import { loadGate } from '../config/gate.ts';
import type { Article, CheckDeclaration, CheckUse } from '../core/article.ts';
import type { Json } from '../core/json.ts';
import { filesIn } from '../io/files-in.ts';
import { readConfigText } from '../io/read-config-text.ts';
import { compileGlobs } from './compile-globs.ts';
import type { ProjectChecks } from './project-checks.ts';
import type { CompiledArticle, CompiledUse, ProvidedConstitution } from './provided.ts';

/** What the articles of a project come to, whenever they are read: plain JSON. */
export type CompiledConstitution = Pick<
  ProvidedConstitution,
  'articles' | 'probes' | 'testChecks' | 'repeats' | 'budget'
>;

/**
 * Reads and checks the articles of a folder and what they refer to, ready for the workers.
 *
 * @throws ConstitutionError for an article that is wrong.
 */
export async function compileConstitution(
  root: string,
  folder: string,
  own: ProjectChecks,
): Promise<CompiledConstitution> {
  const gate = existsSync(path.join(root, 'gate.yaml')) ? await loadGate(root) : null;
  const checks: Readonly<Record<string, CheckDeclaration>> = { ...DECLARATIONS, ...own.declarations };
  const checkPredicate = await predicateChecker(folder, gate !== null);
  const articles = await loadArticles(folder, { checks, checkPredicate }, { root });
  const uses = articles.flatMap((article) =>
    article.checks.flatMap((use) => ('uses' in use ? [use.uses] : [])),
  );
  const testChecks = [...new Set(uses)].filter((name) => name in TEST_CHECKS);
  return {
    articles: articles.map((article) => compile(article, checks)),
    probes: [...new Set(uses.flatMap((name) => TEST_CHECKS[name]?.probes ?? own.probes[name] ?? []))],
    testChecks,
    repeats: testChecks.some((name) => TEST_CHECKS[name]?.repeats === true),
    budget: gate === null ? null : { tokens: gate.budgets.tokens, latency: gate.budgets.latency },
  };
}

/** The type checker of predicates, loaded only where an article has one: every start of vitest would pay for it. */
async function predicateChecker(
  folder: string,
  budget: boolean,
): Promise<(expect: string) => PredicateFault | null> {
  const files = await filesIn(folder, /\.ya?ml$/);
  // What is larger, or no file at all, is refused when it is loaded.
  const texts = await Promise.all(files.map((name) => readConfigText(path.join(folder, name))));
  if (!texts.some((text) => text?.includes('expect'))) return () => null;
  const { checkPredicate } = await import('../checks/predicate/predicate.ts');
  return (expect) => checkPredicate(expect, { budget });
}

function compile(article: Article, checks: Readonly<Record<string, CheckDeclaration>>): CompiledArticle {
  return {
    ...article,
    filePatterns: compileGlobs(article.appliesTo.files),
    checks: article.checks.map((use) => compileUse(use, checks)),
  };
}

function compileUse(use: CheckUse, checks: Readonly<Record<string, CheckDeclaration>>): CompiledUse {
  if (!('uses' in use)) return use;
  const options = checks[use.uses]?.options ?? {};
  const compiled = Object.entries(use.with).map(([name, value]): [string, Json] =>
    options[name]?.type === 'globs' ? [name, compileGlobs(value as string[])] : [name, value],
  );
  return { ...use, compiled: Object.fromEntries(compiled) };
}
