import type { PythonEnvironment } from '../core/environment.ts';
import { ConstitutionError } from '../core/errors.ts';
import {
  causeOf,
  messageOf,
  type PytestFinding,
  type PytestResult,
  type PytestRun,
  whyNoTests,
} from '../core/pytest-run.ts';
import { resultOfFile, resultOfTest } from './event-results.ts';
import { type ProcessPlace, type ResultEvent, type WatchedEnd, watchProcess } from './watched-process.ts';

/** What pytest exits with where its arguments or its configuration are wrong. */
const EXIT_USAGE = 4;
/** What ends one process after another without running a test is not the doing of single tests. */
const MOST_IN_A_ROW = 25;

export interface SuiteArmOptions {
  readonly environment: PythonEnvironment;
  /** Folder of the suite: what runs in it may change it. */
  readonly folder: string;
  readonly arguments: readonly string[];
  /** Beside what the environment gives every process. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether LM calls are recorded: then no test is answered from what another one asked. */
  readonly asks: boolean;
  readonly offline: boolean;
  /** For one test, its fixtures included. */
  readonly testMs: number;
  /** For what lies between tests: the start, the import of one file, the end. */
  readonly otherMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onResult?: (id: string, result: PytestResult) => void;
}

/**
 * Runs a suite in one environment. A test or file that hangs or ends the process is the end of that process only: another one
 * goes on with the tests that remain.
 */
export class SuiteArm {
  /** The ids of all tests, as soon as they are known; none where the suite does not come to any. */
  readonly collected: Promise<readonly string[]>;
  readonly ended: Promise<PytestRun>;
  readonly #options: SuiteArmOptions;
  readonly #tests = new Map<string, PytestResult>();
  readonly #files = new Map<string, PytestResult>();
  readonly #findings: PytestFinding[] = [];
  readonly #waiting = new Map<string, (result: PytestResult | null) => void>();
  #ids: readonly string[] = [];
  #tellCollected: (ids: readonly string[]) => void = () => {};
  #over = false;

  constructor(options: SuiteArmOptions) {
    this.#options = options;
    this.collected = new Promise((resolve) => {
      this.#tellCollected = resolve;
    });
    this.ended = this.#run();
    // Whoever waits for it is told; that nobody does yet must not end this process.
    this.ended.catch(() => {});
  }

  /** Files that could not be imported, as far as is known: all of them when tests are {@link collected}. */
  get unusable(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** What became of a test or file, when it has run; null where it has not. */
  async result(id: string): Promise<PytestResult | null> {
    const known = this.#tests.get(id) ?? this.#files.get(id);
    if (known !== undefined || this.#over) return known ?? null;
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async #run(): Promise<PytestRun> {
    const { environment } = this.#options;
    const started = performance.now();
    let processes = 0;
    let fruitless = 0;
    try {
      for (let goOn = true; goOn; ) {
        processes += 1;
        const before = this.#tests.size;
        goOn = await this.#session();
        fruitless = this.#tests.size - before > 1 ? 0 : fruitless + 1;
        if (goOn && fruitless >= MOST_IN_A_ROW) {
          this.#find(
            'CX-PYTEST-SUITE',
            null,
            `${fruitless} processes in a row ended with a test each; the rest was not run`,
            null,
          );
          goOn = false;
        }
      }
    } finally {
      this.#over = true;
      this.#tellCollected(this.#ids);
      for (const resolve of this.#waiting.values()) resolve(null);
    }
    // In the order of their collection; a process that goes on runs them in another.
    const ids = new Set([...this.#ids.filter((id) => this.#tests.has(id)), ...this.#tests.keys()]);
    return {
      environment: environment.name,
      dspy: environment.dspy,
      tests: Object.fromEntries([...ids].map((id) => [id, this.#tests.get(id) as PytestResult])),
      files: Object.fromEntries(this.#files),
      findings: this.#findings,
      wallMs: performance.now() - started,
      processes,
    };
  }

  /** One process; whether another one has to go on. */
  async #session(): Promise<boolean> {
    const { environment, folder, variables, asks, offline, signal } = this.#options;
    const ended = await watchProcess({
      process: {
        python: environment.python,
        env: { ...environment.processEnv, ...variables },
        folder,
        arguments: this.#options.arguments,
        done: [...this.#tests.keys()],
        ignore: [...this.#files.keys()],
        asks,
        offline,
      },
      limitOf: (kind) => this.#limitOf(kind),
      onResult: (event) => this.#take(event),
      signal,
    });
    if (signal?.aborted) throw new ConstitutionError('CX-RUN-CANCELLED', 'the suite was cancelled');
    if (ended.end.left) this.#findLeft();
    return this.#settle(ended);
  }

  /** Says what ended a process; whether another one has to go on. */
  #settle({ at, end, timedOut, exit, broken }: WatchedEnd): boolean {
    const durationMs = performance.now() - at.since;
    const ending = end.signal ?? `exit code ${end.exitCode}`;
    const exited = broken === null ? null : causeOf(broken, []);
    const how = timedOut
      ? ({
          outcome: 'timeout',
          code: 'CX-PYTEST-TIMEOUT',
          message: `was not done within ${this.#limitOf(at.kind)} ms and was killed`,
        } as const)
      : ({
          outcome: 'crashed',
          code: 'CX-PYTEST-EXIT',
          message: exited?.message ?? `ended the process (${ending})`,
        } as const);
    const result: PytestResult = { ...how, durationMs, detail: broken ?? (end.output || null) };
    const remaining = this.#ids.filter((id) => !this.#tests.has(id)).length;

    if (at.kind === 'test' && !this.#tests.has(at.name)) {
      this.#settled(at.name, result);
      return remaining > 1;
    }
    if (at.kind === 'file' && !this.#files.has(at.name)) {
      this.#files.set(at.name, result);
      this.#find(how.code, at.name, `its import ${how.message}`, result.detail);
      return true;
    }
    if (broken !== null)
      this.#find('CX-PYTEST-SUITE', null, `pytest went wrong: ${messageOf(broken)}`, broken);
    if (this.#ids.length === 0) {
      if (this.#files.size === 0 || exit === EXIT_USAGE || exit === undefined) {
        const missing = causeOf(end.output, []);
        const why = whyNoTests(end.exitCode, end.output);
        // pytest says nothing of a session that its arguments and settings do not let begin.
        const cutShort = timedOut || (exit === undefined && end.exitCode !== EXIT_USAGE);
        const message = cutShort ? `${at.name} ${how.message}` : `it came to no tests (${ending})`;
        this.#find(
          missing?.code ?? (cutShort ? how.code : 'CX-PYTEST-SUITE'),
          null,
          missing?.message ?? (timedOut || why === '' ? message : `${message}: ${why}`),
          end.output || null,
        );
      }
      return false;
    }
    if (timedOut) this.#find('CX-PYTEST-TIMEOUT', null, `${at.name} ${how.message}`, null);
    else if (exit === undefined)
      this.#find('CX-PYTEST-EXIT', null, `${at.name} ${how.message}`, end.output || null);
    if (remaining > 0 && !timedOut && exit !== undefined) {
      this.#find(
        'CX-PYTEST-SUITE',
        null,
        `it stopped by itself before ${remaining} of its tests`,
        end.output || null,
      );
    }
    return false;
  }

  #take(event: ResultEvent): void {
    switch (event.event) {
      case 'collected':
        // A process that goes on may not see all that the first one saw.
        this.#ids = [...new Set([...this.#ids, ...event.tests])];
        this.#tellCollected(this.#ids);
        return;
      case 'unusable': {
        const result = resultOfFile(event);
        this.#files.set(event.file, result);
        this.#find(result.code, event.file, result.message, result.detail);
        return;
      }
      case 'finish':
        this.#settled(event.test, resultOfTest(event));
    }
  }

  #settled(id: string, result: PytestResult): void {
    this.#tests.set(id, result);
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
    this.#options.onResult?.(id, result);
  }

  /** Told once, however many processes of the suite left some behind. */
  #findLeft(): void {
    if (this.#findings.some(({ code }) => code === 'CX-PYTEST-CHILDREN')) return;
    this.#find(
      'CX-PYTEST-CHILDREN',
      null,
      'processes that it started were still running, and were killed',
      null,
    );
  }

  #find(code: PytestFinding['code'], about: string | null, message: string, detail: string | null): void {
    this.#findings.push({ code, about, message, detail });
  }

  #limitOf(kind: ProcessPlace['kind']): number {
    return kind === 'test' ? this.#options.testMs : this.#options.otherMs;
  }
}
