import type { RecordedValues, TestFacts, TestInput } from '../checks/check.ts';
import type { ProbeName } from '../checks/observations.ts';
import type { CheckResult, Finding, Severity, TestIdentity, WaivedFinding } from '../core/finding.ts';
import { messageOf } from '../core/message-of.ts';
import { chooseWaiver, type GoverningWaiver } from './waivers.ts';

/** A check as an article uses it, ready to be called. */
export interface GoverningCheck {
  readonly name: string;
  readonly needs: 'runs' | 'schemas' | 'values' | undefined;
  readonly probes: readonly ProbeName[];
  /** Whether it says something of a test that overlapped others. */
  readonly copesWithOverlap: boolean;
  /** Whether it compares what a test does twice. */
  readonly repeats: boolean;
  /** Null: it cannot be told, because the test overlapped others. */
  run(input: TestInput): readonly CheckResult[] | null;
}

/** An article as it governs the tests of one file. */
export interface GoverningArticle {
  readonly id: string;
  readonly severity: Severity;
  readonly names: readonly RegExp[];
  readonly tags: readonly string[];
  readonly roles: readonly string[];
  readonly checks: readonly GoverningCheck[];
  readonly waivers: readonly GoverningWaiver[];
}

/** What governing one test brought. */
export interface Judgement {
  /** Ids of the articles that had something to check in this test. */
  readonly articles: string[];
  readonly findings: Finding[];
  readonly waived: WaivedFinding[];
  /** `<article>/<check>` of what could not be judged. */
  readonly unattributed: string[];
}

/**
 * Runs every check of the articles that govern a test. A check that throws is a finding of its own. Every test pays for
 * this: nothing is made for a rule that is kept.
 */
export function judge(articles: readonly GoverningArticle[], input: TestInput): Judgement {
  const judgement: Judgement = { articles: [], findings: [], waived: [], unattributed: [] };
  for (const article of articles) {
    if (!matches(article, input.test)) continue;
    const seen = restrictToRoles(input, article.roles);
    if (seen === null) continue;
    let governs = false;
    let findings: Finding[] | undefined;
    for (const check of article.checks) {
      if (!hasWhatItNeeds(check, seen)) continue;
      governs = true;
      const results = input.test.overlapped && !check.copesWithOverlap ? null : runCheck(check, seen);
      if (results === null) judgement.unattributed.push(`${article.id}/${check.name}`);
      else if (results.length > 0) {
        findings ??= [];
        for (const result of results) findings.push(findingOf(article, check, input, result));
      }
    }
    if (!governs) continue;
    judgement.articles.push(article.id);
    if (findings !== undefined) waive(article, identityOf(input), findings, judgement);
  }
  return judgement;
}

function identityOf({ test: { name, file, project } }: TestInput): TestIdentity {
  return { name, file, project };
}

function findingOf(
  { id, severity }: GoverningArticle,
  { name }: GoverningCheck,
  input: TestInput,
  result: CheckResult,
): Finding {
  return { article: id, check: name, severity, test: identityOf(input), place: null, ...result };
}

/** Whether an article that governs the file of a test governs the test. */
export function matches({ names, tags }: GoverningArticle, test: Pick<TestFacts, 'name' | 'tags'>): boolean {
  return (
    (names.length === 0 || names.some((pattern) => pattern.test(test.name))) &&
    (tags.length === 0 || tags.some((tag) => test.tags.includes(tag)))
  );
}

/** The input with runs of the given roles only; null where an article asks for roles that the test did not run. */
function restrictToRoles(input: TestInput, roles: readonly string[]): TestInput | null {
  if (roles.length === 0) return input;
  const runs = input.runs.filter((run) => roles.includes(run.role));
  return runs.length === 0 ? null : { ...input, runs };
}

function hasWhatItNeeds({ needs }: GoverningCheck, input: TestInput): boolean {
  if (needs === 'runs') return input.runs.length > 0;
  if (needs === 'schemas') return input.schemas.length > 0;
  if (needs === 'values') return [input.values, ...input.earlierValues].some((values) => !isEmpty(values));
  return true;
}

function isEmpty(values: RecordedValues): boolean {
  return Object.keys(values).length === 0;
}

function runCheck(check: GoverningCheck, input: TestInput): readonly CheckResult[] | null {
  try {
    return check.run(input);
  } catch (error) {
    return [{ code: 'CX-CHECK-CRASHED', values: { message: messageOf(error) } }];
  }
}

/** Sets findings aside where a waiver holds; one that has expired is a finding beside them. */
function waive(article: GoverningArticle, test: TestIdentity, findings: Finding[], into: Judgement): void {
  const waiver = chooseWaiver(article.waivers, (candidate) => candidate.covers(test));
  if (waiver === undefined) {
    into.findings.push(...findings);
    return;
  }
  const { reason, until } = waiver.waiver;
  if (!waiver.expired) {
    into.waived.push(...findings.map((finding) => ({ ...finding, waiver: waiver.waiver })));
    return;
  }
  const base = { article: article.id, check: 'waiver', severity: article.severity, test, place: null };
  into.findings.push(...findings, { ...base, code: 'CX-WAIVER-EXPIRED', values: { reason, until } });
}
