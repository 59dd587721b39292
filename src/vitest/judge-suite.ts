import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { SuiteCheck, SuiteResult, SuiteTest } from '../checks/check.ts';
import { SUITE_CHECKS } from '../checks/suite-registry.ts';
import type { NamedCheck } from '../core/article.ts';
import type { ArticleReport, ConstitutionReport } from '../core/eval-report.ts';
import type { Finding, Severity, WaivedFinding } from '../core/finding.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { locateInSource } from '../core/locate-in-source.ts';
import { messageOf } from '../core/message-of.ts';
import type { CollectedTest } from './collect.ts';
import type { CompiledArticle } from './provided.ts';
import { NO_SCOPE, type SuiteScope, SuiteScopes } from './suite-scopes.ts';
import { chooseWaiver, compileWaiver, type GoverningWaiver } from './waivers.ts';

/** A run as far as it concerns the constitution. */
export interface SuiteRun {
  /** Absolute. */
  readonly root: string;
  readonly tests: readonly CollectedTest[];
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Every test of the suite is known: only then can a waiver or an article be said to concern none. */
  readonly whole: boolean;
  /** Checks that take seconds are made. */
  readonly thorough: boolean;
}

/** A check of the whole run as an article uses it. */
interface PreparedCheck {
  readonly use: NamedCheck;
  readonly check: SuiteCheck;
  /** Settled before the first test; where it is rejected, the check has crashed. */
  readonly prepared: Promise<Json>;
}

/** Judges what only the whole run shows, and adds up what the tests carried home. */
export class SuiteJudge {
  readonly #articles: readonly CompiledArticle[];
  readonly #prepared = new Map<CompiledArticle, PreparedCheck[]>();

  constructor(articles: readonly CompiledArticle[]) {
    this.#articles = articles;
  }

  /** To be called before the first test. */
  async prepare(root: string): Promise<void> {
    for (const article of this.#articles) {
      const prepared: PreparedCheck[] = [];
      for (const use of article.checks) {
        const check = 'uses' in use ? SUITE_CHECKS[use.uses] : undefined;
        if (check === undefined || !('uses' in use)) continue;
        prepared.push({ use, check, prepared: prepareCheck(check, root, use.with) });
      }
      await Promise.allSettled(prepared.map((one) => one.prepared));
      this.#prepared.set(article, prepared);
    }
  }

  /** To be called after the last test. */
  async judge(run: SuiteRun): Promise<ConstitutionReport> {
    const governed = countGoverned(run.tests);
    const unattributed = countUnattributed(run.tests);
    const sources = new Sources(run.root);
    const scopes = new SuiteScopes(run.tests);
    const articles: ArticleReport[] = [];
    const findings: Finding[] = run.tests.flatMap((test) => test.meta?.findings ?? []);
    const waived: WaivedFinding[] = run.tests.flatMap((test) => test.meta?.waived ?? []);
    for (const article of this.#articles) {
      const checks = this.#prepared.get(article) ?? [];
      const scope = checks.length === 0 ? NO_SCOPE : scopes.of(article);
      const waivers = article.waivers.map((waiver) => compileWaiver(waiver, run.today));
      const own = await this.#ofSuite(article, checks, scope, sources, run.thorough);
      for (const finding of own) {
        const waiver = chooseWaiver(waivers, ({ coversFinding }) => coversFinding(finding));
        if (waiver?.expired === false) waived.push({ ...finding, waiver: waiver.waiver });
        else findings.push(finding);
      }
      const reach = Math.max(governed.get(article.id) ?? 0, scope.tests.length);
      findings.push(...idleWaivers(article, waivers, run, findings, waived));
      if (reach === 0 && run.whole && isIdle(scopes.of(article)))
        findings.push(ofArticle(article, 'article', 'CX-ARTICLE-IDLE', {}));
      const { id, title, severity } = article;
      const belongs = (finding: Finding) => finding.article === id;
      articles.push({
        id,
        title,
        severity,
        governed: reach,
        findings: findings.filter(belongs).length,
        waived: waived.filter(belongs).length,
        unattributed: unattributed.get(id) ?? 0,
      });
    }
    return { articles, findings: findings.map((one) => sources.locate(one)), waived };
  }

  async #ofSuite(
    { id, severity }: CompiledArticle,
    checks: readonly PreparedCheck[],
    { files, tests }: SuiteScope,
    sources: Sources,
    thorough: boolean,
  ): Promise<Finding[]> {
    const { root } = sources;
    const source = (file: string) => sources.of(file);
    const findings: Finding[] = [];
    for (const { use, check, prepared } of checks) {
      let results: readonly SuiteResult[];
      try {
        const input = { root, files, tests, thorough, prepared: await prepared, source };
        results = await check.run(input, use.with);
      } catch (error) {
        results = [{ code: 'CX-CHECK-CRASHED', values: { message: messageOf(error) } }];
      }
      const base = { article: id, check: use.uses, severity };
      findings.push(
        ...results.map(
          (result): Finding => ({
            ...base,
            ...result,
            test: result.test ?? null,
            place: result.place ?? null,
          }),
        ),
      );
    }
    return findings;
  }
}

async function prepareCheck(check: SuiteCheck, root: string, options: JsonObject): Promise<Json> {
  return (await check.prepare?.(root, options)) ?? null;
}

/** Whether an article that governed no test concerns none: where all that it applies to were skipped, that cannot be told. */
function isIdle({ tests }: SuiteScope): boolean {
  return tests.length === 0 || tests.some(hasRun);
}

function hasRun({ state }: Pick<SuiteTest, 'state'>): boolean {
  return state === 'passed' || state === 'failed';
}

/** Tests by article, as the workers judged them. */
function countGoverned(tests: readonly CollectedTest[]): Map<string, number> {
  // Few different lists occur in a run: counting these first keeps it quick with many articles.
  const lists = new Map<string, number>();
  for (const { meta } of tests) {
    if (meta?.articles) lists.set(meta.articles, (lists.get(meta.articles) ?? 0) + 1);
  }
  const governed = new Map<string, number>();
  for (const [list, count] of lists)
    for (const id of list.split(',')) governed.set(id, (governed.get(id) ?? 0) + count);
  return governed;
}

/** By article, how often a check of it could not be judged. */
function countUnattributed(tests: readonly CollectedTest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { meta } of tests) {
    for (const entry of meta?.unattributed ?? []) {
      // An id has no slash, and the name of a project's own check has one.
      const id = entry.slice(0, entry.indexOf('/'));
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

/** Waivers that set nothing aside: they have expired, what they cover is right by now, or they cover nothing. */
function* idleWaivers(
  article: CompiledArticle,
  waivers: readonly GoverningWaiver[],
  run: SuiteRun,
  findings: readonly Finding[],
  waived: readonly WaivedFinding[],
): Generator<Finding> {
  if (waivers.length === 0) return;
  const own = findings.filter((finding) => finding.article === article.id);
  for (const { waiver, expired, covers, coversFinding } of waivers) {
    const { test: covered, reason, until } = waiver;
    const used = waived.some(
      (finding) => finding.article === article.id && isDeepStrictEqual(finding.waiver, waiver),
    );
    const reported = own.some(
      (finding) =>
        finding.code === 'CX-WAIVER-EXPIRED' && finding.values['until'] === until && coversFinding(finding),
    );
    if (used || reported) continue;
    const tests = run.tests.filter(({ test }) => covers(test));
    const ran = tests.some(hasRun);
    const concerned = ran || own.some(coversFinding);
    if (expired && (concerned || (run.whole && tests.length > 0)))
      yield ofArticle(article, 'waiver', 'CX-WAIVER-EXPIRED', { reason, until });
    // Of a test that did not run it cannot be told whether there is anything to set aside.
    else if (ran || (run.whole && tests.length === 0))
      yield ofArticle(article, 'waiver', 'CX-WAIVER-UNUSED', { waived: covered, known: ran });
  }
}

/** What is wrong with the article itself breaks no test: it warns. */
function ofArticle(
  { id, source }: CompiledArticle,
  check: string,
  code: string,
  values: Finding['values'],
): Finding {
  const severity: Severity = 'warn';
  return { article: id, check, severity, code, values, test: null, place: { file: source, line: 1 } };
}

/** Files below the root, each read once. */
class Sources {
  readonly root: string;
  readonly #texts = new Map<string, string | null>();

  constructor(root: string) {
    this.root = root;
  }

  /** Text of a file; null where it cannot be read. */
  of(file: string): string | null {
    let text = this.#texts.get(file);
    if (text === undefined) {
      text = readSource(path.join(this.root, file));
      this.#texts.set(file, text);
    }
    return text;
  }

  /** The finding with the line of the test that broke the article. */
  locate(finding: Finding): Finding {
    const { test, place } = finding;
    if (place !== null || test === null) return finding;
    const source = this.of(test.file);
    const found = source === null ? null : locateInSource(source, test.name);
    return found === null ? finding : { ...finding, place: { file: test.file, line: found.line } };
  }
}

function readSource(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
