import { setImmediate } from 'node:timers/promises';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import type { ConstitutionReport, OverheadReport } from '../core/eval-report.ts';
import { messageOf } from '../core/message-of.ts';
import type { RunRecord } from '../core/run-record.ts';
import { supportsColor } from '../io/supports-color.ts';
import { renderConstitution, renderOverhead } from '../report/terminal.ts';
import { describeUngoverned } from '../report/ungoverned.ts';
import { type CollectedTest, collectFileErrors, collectTests, recordTests } from './collect.ts';
import { SuiteJudge } from './judge-suite.ts';
import { overheadReport, readOverhead } from './overhead-file.ts';
import type { ProvidedConstitution } from './provided.ts';
import { findUngoverned, isGovernedModule } from './ungoverned.ts';
import { WholeRun } from './whole-run.ts';
import { askedFiles, type ReportFiles, writeReports } from './write-reports.ts';

export interface ReporterOptions extends ReportFiles {
  /** Prints nothing; files that are asked for are written all the same. */
  readonly silent?: boolean;
  /** The run is never all of the suite: an article that governs none of its tests is then no finding. */
  readonly partial?: boolean;
  /** Checks that take seconds are made, although the run is no whole suite. */
  readonly thorough?: boolean;
}

/** What a run brought, as far as it concerns us. */
export interface RunResult {
  readonly tests: readonly CollectedTest[];
  readonly fileErrors: ReturnType<typeof collectFileErrors>;
  readonly constitution: ConstitutionReport;
  readonly overhead: OverheadReport;
  /** False where the run was interrupted or could not start. */
  readonly complete: boolean;
}

/** Said where a wrong folder would otherwise look like a suite that breaks nothing. */
const NO_ARTICLE =
  ' Constitution  there is no article: no test is governed (`npx vitest-constitution init` writes some)\n';

/** Collects what the tests carried home in `task.meta`, and prints the constitution after vitest's own summary. */
export class ConstitutionReporter implements Reporter {
  readonly #provided: ProvidedConstitution;
  readonly #options: ReporterOptions;
  readonly #onEnd: ((result: RunResult) => void) | undefined;
  readonly #judge: SuiteJudge;
  readonly #wholeRun = new WholeRun();
  #vitest: Vitest | undefined;

  constructor(
    provided: ProvidedConstitution,
    options: ReporterOptions = {},
    onEnd?: (result: RunResult) => void,
  ) {
    this.#provided = provided;
    this.#onEnd = onEnd;
    this.#options = options;
    this.#judge = new SuiteJudge(provided.articles);
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunStart(specifications: readonly unknown[]): Promise<void> {
    this.#wholeRun.begin(specifications);
    await this.#judge.prepare(this.#provided.root);
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: readonly unknown[],
    reason: string,
  ): Promise<void> {
    const { root, today, articles, templates } = this.#provided;
    const tests = collectTests(modules.filter(isGovernedModule), root);
    const complete = reason !== 'interrupted';
    const whole =
      complete &&
      !this.#options.partial &&
      this.#vitest !== undefined &&
      this.#wholeRun.isWhole(this.#vitest, modules.length);
    const fileErrors = collectFileErrors(modules, root);
    const constitution = await this.#judge.judge({
      root,
      tests,
      today,
      // The tests of a file that cannot be loaded are not known.
      whole: whole && fileErrors.length === 0,
      thorough: whole || this.#options.thorough === true,
    });
    const overhead = overheadReport(tests, await readOverhead(root));
    this.#onEnd?.({ tests, fileErrors, constitution, overhead, complete });
    if (breaksTheRun(constitution, tests)) process.exitCode = 1;
    const { silent = false } = this.#options;
    const print = (text: string) => this.#vitest?.logger.error(text);
    if (articles.length === 0 && !silent) print(NO_ARTICLE);
    if (articles.length === 0 || (silent && !asksForFiles(this.#options))) return;
    const now = new Date();
    const notes = this.#notes(modules);
    const record: RunRecord = {
      createdAt: now.toISOString(),
      constitution,
      tests: recordTests(tests),
      fileErrors: collectFileErrors(modules.filter(isGovernedModule), root),
      overhead,
      templates,
      notes,
    };
    const reports = writeReports(root, record, this.#options, process.env, silent ? null : print);
    const findingsFile = await reports.catch((error: unknown) => {
      // Who asked for a report must not take an older one for it; the table is of use all the same.
      process.exitCode = 1;
      print(` Constitution  a report cannot be written: ${messageOf(error)}`);
      return undefined;
    });
    if (silent) return;
    const governed = tests.filter((test) => test.meta !== undefined).length;
    const color = supportsColor(process.stderr, process.env);
    const table = renderConstitution(constitution, governed, {
      color,
      templates,
      ...(findingsFile === undefined ? {} : { findingsFile }),
    });
    // Before vitest 4, what prints the summary is told of the end at the same time as we are; its text goes first.
    await setImmediate();
    // stderr: machine-readable reporters of the user own stdout.
    print([table, renderOverhead(overhead, now), ...notes.map((note) => ` ${note}`), ''].join('\n'));
  }

  /** What was left alone, in one line. */
  #notes(modules: readonly TestModule[]): string[] {
    const ungoverned = this.#vitest && describeUngoverned(findUngoverned(this.#vitest, modules));
    return ungoverned ? [ungoverned] : [];
  }
}

/** Whether a blocking article is broken by what vitest holds for passed: such a run must not end with exit code 0. */
function breaksTheRun({ findings }: ConstitutionReport, tests: readonly CollectedTest[]): boolean {
  const failed = new Set(tests.filter(({ state }) => state === 'failed').map(({ test }) => keyOf(test)));
  return findings.some(
    ({ severity, test }) => severity === 'block' && (test === null || !failed.has(keyOf(test))),
  );
}

function asksForFiles(options: ReportFiles): boolean {
  return Object.values(askedFiles(options, process.env)).some((file) => file !== undefined);
}

function keyOf({ project, file, name }: CollectedTest['test']): string {
  return JSON.stringify([project, file, name]);
}
