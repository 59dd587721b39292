import pc from 'picocolors';
import type { ArticleReport, EvalReport } from '../core/eval-report.ts';
import type { Finding } from '../core/finding.ts';
import type { FindingTemplate } from '../core/finding-template.ts';
import type { Status, VerdictStatus } from '../core/verdict/reason.ts';
import { describeFinding } from './finding.ts';
import { clip, count, percentInterval, signedPercent } from './format.ts';
import { describeReason } from './reason.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Where the report was written, as the user knows it. */
  readonly reportFile?: string;
  /** What the project's own checks say, by code. */
  readonly templates?: Readonly<Record<string, FindingTemplate>>;
}

/** Findings that are listed before the rest is only counted. */
const LISTED_FINDINGS = 10;
const LABEL = 13;

type Paint = ReturnType<typeof pc.createColors>;

/** How the articles fared, for a run that is not a gate as well. */
export function renderConstitution(
  constitution: EvalReport['constitution'],
  governedTests: number,
  options: TerminalOptions,
): string {
  const paint = pc.createColors(options.color);
  const { articles, findings } = constitution;
  const parts = [
    count(articles.length, 'article'),
    `${count(governedTests, 'test')} governed`,
    count(findings.length, 'finding'),
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
    ...verdictLines(report, options, paint),
  ].join('\n');
}

function articleLine(article: ArticleReport, findings: readonly Finding[], paint: Paint): string {
  const own = findings.filter((finding) => finding.article === article.id);
  const broken = own.some((finding) => finding.severity === 'block');
  const mark = own.length === 0 ? paint.green('✓') : broken ? paint.red('✗') : paint.yellow('!');
  const governed = article.governed === 0 ? paint.dim('no test') : count(article.governed, 'test');
  const found = own.length === 0 ? '' : count(own.length, 'finding');
  return `   ${mark} ${article.id.padEnd(5)}${clip(article.title, 44).padEnd(46)}${governed.padStart(10)}   ${found}`.trimEnd();
}

/** The test that broke the article, or the place, or the suite as a whole. */
function whereOf({ test, place }: Finding): string {
  if (test !== null) return `${test.file} > ${test.name}`;
  return place === null ? 'the suite' : `${place.file}:${place.line}`;
}

function findingLines(findings: readonly Finding[], { templates }: TerminalOptions, paint: Paint): string[] {
  const lines = findings.slice(0, LISTED_FINDINGS).map((finding) => {
    const mark = finding.severity === 'block' ? paint.red(finding.code) : paint.yellow(finding.code);
    return `     ${mark} ${whereOf(finding)}: ${describeFinding(finding, templates).summary}`;
  });
  if (findings.length > LISTED_FINDINGS) {
    lines.push(`     … ${findings.length - LISTED_FINDINGS} more; each failing test shows its own.`);
  }
  return lines;
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
  for (const budget of report.budgets) {
    const name = budget.basis === null ? budget.metric : `${budget.metric} (${budget.basis})`;
    const change = `${signedPercent(budget.relative)} ${percentInterval(budget.interval)} of ${signedPercent(budget.limit)}`;
    lines.push(
      `   ${'budget'.padEnd(LABEL - 2)} ${name.padEnd(22)}${change.padEnd(30)}${statusText(budget.status, paint)}`,
    );
  }
  const violations = Object.entries(report.roles)
    .filter(
      ([, role]) => Object.keys({ ...role.violations.baseline, ...role.violations.candidate }).length > 0,
    )
    .map(([name, role]) => `${name} ${role.dependencyViolations}`);
  if (violations.length > 0)
    lines.push(`   ${'violations'.padEnd(LABEL - 2)} ${violations.join(', ')} in the candidate`);
  lines.push(`   ${'overhead'.padEnd(LABEL - 2)} ${overheadText(report)}`);
  return lines;
}

function needText({ improvement: { need, status } }: EvalReport): string {
  if (status !== 'inconclusive' || need === null) return '';
  const ways = [
    ...(need.bugs === null ? [] : [count(need.bugs, 'more bug')]),
    ...(need.repeats === null ? [] : [count(need.repeats, 'more repeat')]),
  ];
  const power = `${Math.round(need.power * 100)} % of the time, if the rates stay as they are`;
  return ways.length === 0
    ? 'no number of bugs or repeats would decide it at these rates'
    : `${ways.join(' or ')} would decide ${power}`;
}

function overheadText({ overhead }: EvalReport): string {
  const own =
    overhead.selfMs === null
      ? 'not measured'
      : `${overhead.selfMs.toFixed(1)} ms in ${count(overhead.tests, 'test')}`;
  if (overhead.ratio === null) return own;
  return `${signedPercent(overhead.ratio, 1)} of the suite's time (paired run of ${overhead.measuredAt?.slice(0, 10)}); ${own}`;
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

function statusText(status: VerdictStatus | Status | 'note', paint: Paint, loud = false): string {
  const text = loud ? status.toUpperCase() : status;
  if (status === 'pass') return paint.green(text);
  if (status === 'inconclusive') return paint.yellow(text);
  return status === 'note' ? paint.dim(text) : paint.red(text);
}
