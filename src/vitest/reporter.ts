import type { Reporter, TestModule, Vitest } from 'vitest/node';
import type { Article } from '../core/article.ts';
import type { ArticleReport, EvalReport } from '../core/eval-report.ts';
import { renderConstitution } from '../report/terminal.ts';
import { type CollectedTest, collectFileErrors, collectTests } from './collect.ts';

export interface ReporterOptions {
  /** Prints nothing. */
  readonly silent?: boolean;
}

/** What a run brought, as far as it concerns us. */
export interface RunResult {
  readonly tests: readonly CollectedTest[];
  readonly fileErrors: ReturnType<typeof collectFileErrors>;
  readonly constitution: EvalReport['constitution'];
  /** False where the run was interrupted or could not start. */
  readonly complete: boolean;
}

/** Collects what the tests carried home in `task.meta`, and prints the constitution after vitest's own summary. */
export class ConstitutionReporter implements Reporter {
  readonly #root: string;
  readonly #articles: readonly Article[];
  readonly #options: ReporterOptions;
  readonly #onEnd: ((result: RunResult) => void) | undefined;
  #vitest: Vitest | undefined;

  constructor(
    root: string,
    articles: readonly Article[],
    options: ReporterOptions = {},
    onEnd?: (result: RunResult) => void,
  ) {
    this.#root = root;
    this.#onEnd = onEnd;
    this.#articles = articles;
    this.#options = options;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], _errors: readonly unknown[], reason: string): void {
    const tests = collectTests(modules, this.#root);
    const result: RunResult = {
      tests,
      fileErrors: collectFileErrors(modules),
      constitution: constitutionOf(this.#articles, tests),
      complete: reason !== 'interrupted',
    };
    this.#onEnd?.(result);
    if (this.#options.silent || this.#articles.length === 0) return;
    const governed = tests.filter((test) => test.meta !== undefined).length;
    // stderr: machine-readable reporters of the user own stdout.
    const text = renderConstitution(result.constitution, governed, { color: this.#color() });
    this.#vitest?.logger.error(`${text}\n`);
  }

  #color(): boolean {
    return process.stderr.isTTY === true && !process.env['NO_COLOR'];
  }
}

/** How each article fared over the tests of a run. */
export function constitutionOf(
  articles: readonly Article[],
  tests: readonly CollectedTest[],
): EvalReport['constitution'] {
  const findings = tests.flatMap((test) => test.meta?.findings ?? []);
  const reports = articles.map(({ id, title, severity }): ArticleReport => {
    const governed = tests.filter((test) => test.meta?.articles.includes(id)).length;
    return {
      id,
      title,
      severity,
      governed,
      findings: findings.filter(({ article }) => article === id).length,
      waived: 0,
    };
  });
  return { articles: reports, findings };
}
