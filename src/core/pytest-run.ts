import type { ErrorCode } from './error-codes.ts';

/** How a test of a pytest suite ended. `timeout` and `crashed` are ours: its process was killed, or ended. */
export type PytestOutcome =
  | 'passed'
  | 'failed'
  | 'error'
  | 'skipped'
  | 'xfailed'
  | 'xpassed'
  | 'timeout'
  | 'crashed';

/** What became of one test in one environment. JSON-safe. */
export interface PytestResult {
  readonly outcome: PytestOutcome;
  /** Set-up, call and tear-down. */
  readonly durationMs: number;
  /** One line; null for a test that passed. */
  readonly message: string | null;
  /** What pytest shows of the failure, or null. */
  readonly detail: string | null;
  /** Why, where it is more than an assertion that does not hold. */
  readonly code: ErrorCode | null;
}

/** Something that concerns more than a test: a file that cannot be imported, a suite that does not start. JSON-safe. */
export interface PytestFinding {
  readonly code: ErrorCode;
  /** A test, a file, or null for the suite. */
  readonly about: string | null;
  readonly message: string;
  readonly detail: string | null;
}

/** A suite as it ran in one environment. JSON-safe. */
export interface PytestRun {
  readonly environment: string;
  readonly dspy: string;
  /** By the id that pytest gives it, in the order of their collection. */
  readonly tests: Readonly<Record<string, PytestResult>>;
  /** Files that could not be imported, by their path relative to the suite. */
  readonly files: Readonly<Record<string, PytestResult>>;
  readonly findings: readonly PytestFinding[];
  readonly wallMs: number;
  /** Python processes that the suite took: one more than tests and files that ended one. */
  readonly processes: number;
}

/** Whether a test says that the code does what it should; null where it does not say. */
export function verdictOf({ outcome }: PytestResult): boolean | null {
  if (outcome === 'skipped') return null;
  return outcome === 'passed' || outcome === 'xfailed' || outcome === 'xpassed';
}

/** Without a dot: where a package is there and lacks a module, it is the version that differs. */
const MISSING_MODULE = /\b(?:ModuleNotFoundError|ImportError): No module named '([^'.]+)'/;
const LAST_ERROR = /^E +(\S.*)$/gm;

/** The line that says most about a failure: the first of pytest's `E` lines of the last error. */
export function messageOf(text: string): string {
  const lines = [...text.matchAll(LAST_ERROR)].map(([, line]) => (line as string).trim());
  const named = lines.find((line) =>
    /^[\w.]*(?:Error|Exception|Exit|Refused|Interrupt|Warning)\b/.test(line),
  );
  const line = named ?? lines[0] ?? text.trim().split('\n').at(-1) ?? '';
  return line.slice(0, 500);
}

/** pytest's exit code where nothing was collected. */
const EXIT_NO_TESTS = 5;

/** Why a suite came to no tests, in one line: what pytest printed says it, where it has anything to say. */
export function whyNoTests(exitCode: number | undefined, output: string): string {
  if (exitCode === EXIT_NO_TESTS) return 'there are none in it, or its arguments leave none';
  const [, usage] = /^(?:.*: )?error: (?!usage:)(.+)$/im.exec(output) ?? [];
  return usage ?? messageOf(output);
}

/**
 * The cause of a failure, where it is one that the code under test has nothing to do with.
 *
 * @param network What was asked for beyond this machine.
 */
export function causeOf(
  text: string,
  network: readonly string[],
): { readonly code: ErrorCode; readonly message: string } | null {
  if (text.includes('CX-GATEWAY-MISS')) {
    return { code: 'CX-GATEWAY-MISS', message: 'no recording answers one of its LM calls' };
  }
  if (network.length > 0) {
    return { code: 'CX-PYTEST-NETWORK', message: `asked for ${network.join(', ')}` };
  }
  const module = MISSING_MODULE.exec(text)?.[1];
  if (module !== undefined) {
    return { code: 'CX-PYTEST-PACKAGE', message: `there is no module "${module}"` };
  }
  const exit = /^(?:E +)?SystemExit:? ?(.*)$/m.exec(text);
  return exit === null ? null : { code: 'CX-PYTEST-EXIT', message: `called sys.exit(${exit[1]})` };
}
