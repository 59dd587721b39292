import { execa } from 'execa';
import type { ErrorCode } from '../../core/error-codes.ts';
import { ConstitutionError } from '../../core/errors.ts';

export interface CommandOptions {
  /** The complete process environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Text for standard input; without it standard input is empty. */
  readonly input?: string;
  /** File descriptor that the process gets as its stdin and so keeps open (see sync-lock.ts); not with `input`. */
  readonly keepOpen?: number | undefined;
  /** Folder to run in. */
  readonly cwd?: string;
  /** Milliseconds after which the process is killed; none by default. */
  readonly timeoutMs?: number;
  /** Code and sentence of the error where the command fails. */
  readonly failure: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
}

/** Characters of error output that an error keeps. */
const TAIL = 4000;

/**
 * Runs a program to its end and returns its standard output.
 *
 * @throws ConstitutionError with the code of `failure` and the end of stderr in `details.stderr`, or
 * CX-RUN-CANCELLED where the signal was aborted.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const result = await execa(file, args, {
    env: options.env,
    extendEnv: false,
    reject: false,
    // execa passes a descriptor on; its types allow one for output that is not buffered only.
    ...(options.input === undefined
      ? { stdin: (options.keepOpen ?? 'ignore') as 'ignore' }
      : { input: options.input }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeoutMs === undefined
      ? {}
      : { timeout: options.timeoutMs, killSignal: 'SIGKILL' as const }),
  });
  if (!result.failed) return String(result.stdout);
  if (result.isCanceled)
    throw new ConstitutionError('CX-RUN-CANCELLED', `${options.failure.message}: cancelled`);
  const stderr = redactCredentials(String(result.stderr ?? '')).slice(-TAIL);
  const ending =
    result.exitCode === undefined
      ? (result.signal ?? result.code ?? 'not started')
      : `exit code ${result.exitCode}`;
  throw new ConstitutionError(options.failure.code, `${options.failure.message} (${ending})`, {
    ...(options.failure.hint === undefined ? {} : { hint: options.failure.hint }),
    details: { stderr },
    cause: result,
  });
}

/** Removes `user:password@` of addresses: installers print the index they failed to reach. */
export function redactCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@');
}
