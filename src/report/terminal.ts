import pc from 'picocolors';
import {
  type ArticleReport,
  type EvalReport,
  OVERHEAD_LIMIT,
  type OverheadReport,
} from '../core/eval-report.ts';
import type { Finding } from '../core/finding.ts';
import type { FindingTemplate } from '../core/finding-template.ts';
import type { SingleRunComparison } from '../core/verdict/improvement.ts';
import { ablationsLine } from './ablations.ts';
import { budgetLine } from './budgets.ts';
import { changesLine } from './changes.ts';
import { componentsLine, renderComponents } from './components.ts';
import { describeFinding } from './finding.ts';
import { ageText, clip, count, percentInterval, printable, signedPercent } from './format.ts';
import { describeReason } from './reason.ts';
import { selfCheckLine } from './self-check.ts';
import { type Paint, statusText } from './status.ts';
import { whereOf } from './where.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Where the report was written, as the user knows it. */
  readonly reportFile?: string;
  /** Where all findings are written, as the user knows it; for runs with more than are shown. */
  readonly findingsFile?: string;
  /** What the project's own checks say, by code. */
  readonly templates?: Readonly<Record<string, FindingTemplate>>;
}

/** Findings that are listed one by one; of more, one of each kind is, up to as many kinds. */
export const LISTED_FINDINGS = 10;
/** Signs of a finding that are shown. */
const FINDING_WIDTH = 400;
const LABEL = 13;

/** How the articles fared, for a run that is not a gate as well. */
export function renderConstitution(
  constitution: EvalReport['constitution'],
  governedTests: number,
  options: TerminalOptions,
): string {
  const paint = pc.createColors(options.color);
  const { articles, findings, waived } = constitution;
  const parts = [
    count(articles.length, 'article'),
    `${count(governedTests, 'test')} governed`,
    count(findings.length, 'finding'),
    ...(waived.length === 0 ? [] : [`${waived.length} waived`]),
  ];
  return [
    ` ${paint.bold('Constitution'.padEnd(LABEL))} ${parts.join(' · ')}`,
    ...articles.map((article) => articleLine(article, findings, paint)),
    ...findingLines(findings, options, paint),
  ].join('\n');
}

/** The summary of a gate run: constitution, both arms by role, budgets, verdict with every reason that counts. */
export function renderReport(report: EvalReport, governedTests: number, options: TerminalOptions): string {
  const paint = pc.createColors(options.color);
  return [
    renderConstitution(report.constitution, governedTests, options),
    ...migrationLines(report, paint),
    ...brokenComponentLines(report, options),
    ...verdictLines(report, options, paint),
    ...erroredRunLines(report, paint),
  ].join('\n');
}

function articleLine(article: ArticleReport, findings: readonly Finding[], paint: Paint): string {
  const own = findings.filter((finding) => finding.article === article.id);
  const broken = own.some((finding) => finding.severity === 'block');
  const mark = own.length === 0 ? paint.green('✓') : broken ? paint.red('✗') : paint.yellow('!');
  const governed = article.governed === 0 ? paint.dim('no test') : count(article.governed, 'test');
  const found = [
    ...(own.length === 0 ? [] : [count(own.length, 'finding')]),
    ...(article.waived === 0 ? [] : [`${article.waived} waived`]),
    ...(article.unattributed === 0 ? [] : [`${article.unattributed} not attributable`]),
  ].join(' · ');
  return `   ${mark} ${article.id.padEnd(5)}${clip(printable(article.title), 44).padEnd(46)}${governed.padStart(10)}   ${found}`.trimEnd();
}

/** All findings where they are few; else one of each kind, the most frequent first, and where the rest is. */
function findingLines(findings: readonly Finding[], options: TerminalOptions, paint: Paint): string[] {
  const line = (finding: Finding, number = 1) => {
    const code = finding.severity === 'block' ? paint.red(finding.code) : paint.yellow(finding.code);
    const times = number === 1 ? '' : ` × ${number}`;
    const { summary } = describeFinding(finding, options.templates);
    // Names of tests and texts of checks may be long, of several lines, or command a terminal: a finding is one line.
    return `     ${code}${times} ${clip(printable(`${whereOf(finding)}: ${summary}`), FINDING_WIDTH)}`;
  };
  if (findings.length <= LISTED_FINDINGS) return findings.map((finding) => line(finding));
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const kind = `${finding.article} ${finding.code}`;
    const group = groups.get(kind);
    if (group) group.push(finding);
    else groups.set(kind, [finding]);
  }
  const largest = [...groups.values()].sort((x, y) => y.length - x.length).slice(0, LISTED_FINDINGS);
  const where =
    options.findingsFile === undefined ? 'each failing test shows its own' : `all in ${options.findingsFile}`;
  const shown =
    groups.size > LISTED_FINDINGS
      ? `one of each of the first ${LISTED_FINDINGS} kinds is shown`
      : 'one of each is shown';
  return [
    ...largest.map((group) => line(group[0] as Finding, group.length)),
    paint.dim(
      `     ${count(findings.length, 'finding')} of ${count(groups.size, 'kind')}, ${shown}; ${where}`,
    ),
  ];
}

/** The cost of the plugin itself, for a run that is not a gate as well. */
export function renderOverhead(overhead: OverheadReport, now: Date): string {
  return ` ${'Overhead'.padEnd(LABEL)} ${overheadText(overhead, now)}`;
}

function migrationLines(report: EvalReport, paint: Paint): string[] {
  const [baseline, candidate] = (['baseline', 'candidate'] as const).map((arm) =>
    report.environments.find((environment) => environment.arm === arm),
  );
  const recorded = report.lm.recordedAt === null ? '' : ` recorded ${report.lm.recordedAt.slice(0, 10)}`;
  const source =
    report.mode === 'live' ? `live, ${report.lm.model}` : `${report.mode}, ${report.lm.model}${recorded}`;
  const { improvement } = report;
  const split = improvement.split === 'all' ? '' : ` · ${improvement.split} split`;
  const lines = [
    ` ${paint.bold('Migration'.padEnd(LABEL))} dspy ${baseline?.dspy ?? '?'} → ${candidate?.dspy ?? '?'}   ${source}${split}`,
  ];
  const pooled = { ...report.roles, together: improvement };
  for (const [
    name,
    { bugs, repeats, baseline: was, candidate: is, relative, interval, status },
  ] of Object.entries(pooled)) {
    const runs = bugs * (repeats ?? 0);
    const repaired = (share: number | null) =>
      share === null ? 'n/a' : `${Number((share * runs).toFixed(1))}`;
    const figures = `${repaired(was)} → ${repaired(is)} of ${runs}`.padEnd(22);
    const change = `${signedPercent(relative)} ${percentInterval(interval)}`.padEnd(30);
    lines.push(`   ${name.padEnd(LABEL - 2)} ${figures}${change}${statusText(status, paint)}`.trimEnd());
  }
  const need = needText(report);
  if (need !== '') lines.push(`   ${''.padEnd(LABEL - 2)} ${paint.dim(need)}`);
  if (improvement.single !== null)
    lines.push(`   ${''.padEnd(LABEL - 2)} ${singleRunText(improvement.single)}`);
  lines.push(`   ${'changes'.padEnd(LABEL - 2)} ${changesLine(report)}   ${paint.dim('why --changes')}`);
  lines.push(...report.budgets.map((budget) => budgetLine(budget, paint, LABEL - 2)));
  const violations = Object.entries(report.roles)
    .filter(
      ([, role]) => Object.keys({ ...role.violations.baseline, ...role.violations.candidate }).length > 0,
    )
    .map(([name, role]) => `${name} ${role.dependencyViolations}`);
  if (violations.length > 0)
    lines.push(`   ${'violations'.padEnd(LABEL - 2)} ${violations.join(', ')} in the candidate`);
  lines.push(`   ${'A/A'.padEnd(LABEL - 2)} ${selfCheckLine(report.selfCheck, report.falseVerdicts, paint)}`);
  if (report.ablations !== null)
    lines.push(`   ${'ablations'.padEnd(LABEL - 2)} ${ablationsLine(report.ablations)}`);
  if (report.components !== null)
    lines.push(`   ${'components'.padEnd(LABEL - 2)} ${componentsLine(report.components, paint)}`);
  lines.push(
    `   ${'overhead'.padEnd(LABEL - 2)} ${overheadText(report.overhead, new Date(report.createdAt))}`,
  );
  return lines;
}

/** The table of components, where one does not hold; else the line about them is enough. */
function brokenComponentLines({ components }: EvalReport, options: TerminalOptions): string[] {
  if (components === null || components.every(({ holds }) => holds)) return [];
  return [renderComponents(components, options)];
}

function needText({ improvement: { need, status, bugs, split } }: EvalReport): string {
  if (status !== 'inconclusive' || need === null) return '';
  if (bugs < 2) return 'what would decide it can be told from two bugs on';
  const where = split === 'all' ? '' : ` of the ${split} split`;
  const ways = (numbers: Pick<typeof need, 'bugs' | 'repeats'>) => [
    ...(numbers.bugs === null ? [] : [`${count(numbers.bugs, 'more bug')}${where}`]),
    ...(numbers.repeats === null ? [] : [count(numbers.repeats, 'more repeat')]),
  ];
  const power = `${Math.round(need.power * 100)} % of the time, if the rates stay as they are`;
  const enough = ways(need);
  if (enough.length > 0) return `${enough.join(' or ')} would decide ${power}`;
  const tooFew = ways(need.beyond).map((way) => `more than ${way}`);
  if (tooFew.length > 0) return `it would take ${tooFew.join(' or ')} to decide ${power}`;
  return 'no number of bugs or repeats would decide it at these rates';
}

/** The textbook's view, for one repeat of pass/fail outcomes. */
function singleRunText({ table, mcNemarP, newcombe, wilson }: SingleRunComparison): string {
  const { both, onlyBaseline, onlyCandidate, neither } = table;
  const rates = `${percentInterval(wilson.baseline)} → ${percentInterval(wilson.candidate)} % (Wilson)`;
  return `single runs: both ${both}, only baseline ${onlyBaseline}, only candidate ${onlyCandidate}, neither ${neither} · McNemar exact p = ${mcNemarP.toPrecision(2)} · rates ${rates} · difference ${percentInterval(newcombe)} points (Newcombe)`;
}

/** Errored runs that are listed; the report has all. */
const LISTED_ERRORS = 10;

/** Runs that ended with an error: they count as not repaired, and are never dropped. */
function erroredRunLines({ errors }: EvalReport, paint: Paint): string[] {
  const shown = errors.runs.slice(0, LISTED_ERRORS);
  const rest = errors.runs.length - shown.length;
  return [
    ...shown.map(
      ({ run, code, message }) =>
        `     ${paint.red(code)} ${run}: ${clip(message.split('\n')[0] ?? '', 120)}`,
    ),
    ...(rest > 0 ? [paint.dim(`     and ${count(rest, 'more run')} with an error`)] : []),
  ];
}

function overheadText(overhead: OverheadReport, now: Date): string {
  const { selfMs, tests, byHook, ratio, interval, basis, measuredAt } = overhead;
  const hooks =
    byHook === null ? '' : ` (${byHook.beforeMs.toFixed(1)} before, ${byHook.afterMs.toFixed(1)} after)`;
  const own = selfMs === null ? 'not measured' : `${selfMs.toFixed(1)} ms in ${count(tests, 'test')}${hooks}`;
  if (ratio === null || measuredAt === null) return own;
  const limit = signedPercent(OVERHEAD_LIMIT);
  const age = ageText(now.getTime() - Date.parse(measuredAt));
  return `${own} · ${signedPercent(ratio, 1)} ${percentInterval(interval, 1)} of ${limit} (paired run, ${basis}, ${age} ago)`;
}

function verdictLines(report: EvalReport, options: TerminalOptions, paint: Paint): string[] {
  const { status, exitCode, reasons } = report.verdict;
  const where = options.reportFile ? `   ${options.reportFile}` : '';
  return [
    ` ${paint.bold('Verdict'.padEnd(LABEL))} ${statusText(status, paint, true)}, exit ${exitCode}${where}`,
    ...reasons.map(
      (reason) =>
        `   ${statusText(reason.status, paint).padEnd(options.color ? 23 : 13)} ${describeReason(reason)}`,
    ),
  ];
}
