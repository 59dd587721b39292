import type { Command as CommanderCommand } from 'commander';
import type { StartPython } from '../vitest/service.ts';

/** What every command may use of the outside world. */
export interface CommandContext {
  /** Absolute folder of the project: where `gate.yaml` or `package.json` is. */
  readonly root: string;
  /** Machines read stdout: one JSON document, nothing else. */
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether what goes to stdout may carry colour. */
  readonly color: boolean;
  /** Asks the person at the terminal; null where there is none, or where machines read the answer. */
  readonly ask: Ask | null;
  /** What has DSPy imported for the runs of pipelines; absent: fork servers of the command's own. */
  readonly startPython?: StartPython | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Writes one line (or block) to stdout: results. */
  out(text: string): void;
  /** Writes one line to stderr unless `--quiet`: progress and remarks. */
  note(text: string): void;
}

/** Puts one question; the answer is trimmed, and asked for again until `check` takes it (it says what is wrong). */
export type Ask = (
  question: string,
  options?: { readonly preset?: string; readonly check?: (answer: string) => string | null },
) => Promise<string>;

/** One command: a file in `commands/`, named as the file. */
export interface Command {
  /** One line for `--help`. */
  readonly summary: string;
  /** Declares arguments, options and subcommands, and hands each action to `action`. */
  configure(command: CommanderCommand, action: ActionWrapper): void;
}

/** An action's result is the exit code: 0 pass, 1 failed, 2 inconclusive, 3 configuration or infrastructure. */
export type Action = (context: CommandContext, ...args: unknown[]) => Promise<number>;

/** Turns an action into what commander calls: supplies the context, prints errors, sets the exit code. */
export type ActionWrapper = (action: Action) => (...args: unknown[]) => Promise<void>;
