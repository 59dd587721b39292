import { type LintReport, NotSarif, readSarif } from './sarif.ts';

/** A linter printed no report. */
export class LinterFailed extends Error {}

/**
 * Runs a linter, whose exit code is of no concern: nearly all of them end with 1 where they found something.
 *
 * @param command Program and arguments; programs of the project's own packages are found first. No shell reads it.
 * @throws LinterFailed where it cannot be run, takes too long, or prints no SARIF
 */
export async function runLinter(
  root: string,
  [program, ...args]: readonly string[],
  timeoutSeconds: number,
): Promise<LintReport> {
  if (program === undefined) throw new LinterFailed('the article names no command');
  // Loaded where it is used: every start of vitest would pay for it.
  const { execa } = await import('execa');
  const { stdout, stderr, timedOut, failed, exitCode, shortMessage } = await execa(program, args, {
    cwd: root,
    preferLocal: true,
    localDir: root,
    stdin: 'ignore',
    reject: false,
    timeout: timeoutSeconds * 1000,
    maxBuffer: 200_000_000,
    env: { NO_COLOR: '1' },
  });
  if (timedOut) throw new LinterFailed(`it did not end within ${timeoutSeconds} s`);
  if (failed && exitCode === undefined) throw new LinterFailed(shortMessage ?? 'it cannot be run');
  try {
    return readSarif(stdout, root);
  } catch (error) {
    if (!(error instanceof NotSarif)) throw error;
    const said = stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    throw new LinterFailed(`${error.message}${said === '' ? '' : `; it said: ${said}`}`);
  }
}
