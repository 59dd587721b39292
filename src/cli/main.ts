#!/usr/bin/env node
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command as Commander, CommanderError, Option } from 'commander';
import { packageVersion } from '../config/package-root.ts';
import { ConstitutionError } from '../core/errors.ts';
import { INTERRUPTS } from '../io/interrupts.ts';
import { supportsColor } from '../io/supports-color.ts';
import { renderError } from '../report/error.ts';
import type { StartPython } from '../vitest/service.ts';
import { questions } from './ask.ts';
import type { Action, ActionWrapper, CommandContext } from './command.ts';
import { COMMANDS } from './registry.ts';

interface GlobalOptions {
  root?: string;
  json?: boolean;
  quiet?: boolean;
}

/** Where a command line writes, and what it is told by its surroundings. */
export interface Surroundings {
  readonly stdout: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
  /** Where answers come from, when both it and stderr are a terminal. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly environment: NodeJS.ProcessEnv;
  /** Where the search for the project begins. */
  readonly folder: string;
  /** See `CommandContext`. */
  readonly startPython?: StartPython;
}

/** Runs one command line and returns its exit code. Everything that goes wrong is printed once, on stderr. */
export async function main(
  argv: readonly string[],
  surroundings: Surroundings = ofProcess(),
): Promise<number> {
  const { stdout, stderr, environment } = surroundings;
  let exitCode = 0;
  const interrupt = new AbortController();
  // Listens on after the first one: execa passes a signal on to the process itself where nobody else seems to listen.
  const onSignal = (signal: NodeJS.Signals) => {
    if (!interrupt.signal.aborted) return interrupt.abort(interrupted());
    // Whoever asks again will not wait.
    for (const name of INTERRUPTS) process.off(name, onSignal);
    process.kill(process.pid, signal);
  };
  for (const name of INTERRUPTS) process.on(name, onSignal);

  const program = new Commander('vitest-constitution')
    .description('Prove that a change to an LM pipeline is better, within budget and lawful.')
    .version(packageVersion())
    .addOption(
      new Option('--root <folder>', 'the project (default: nearest folder with a gate.yaml or package.json)'),
    )
    .option('--json', 'print one JSON document to stdout')
    .option('--quiet', 'print results only, no progress')
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .configureHelp({ showGlobalOptions: true });

  const wrap: (command: Commander) => ActionWrapper =
    (command) =>
    (action: Action) =>
    async (...args) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      exitCode = await action(contextOf(options, interrupt.signal, surroundings), ...args);
    };

  try {
    // What follows --root is a folder, whatever its name.
    const wanted = argv.find((word, at) => argv[at - 1] !== '--root' && Object.hasOwn(COMMANDS, word));
    for (const [name, load] of Object.entries(COMMANDS)) {
      // Loading every command for `--help` is fine; for a run only the one that is asked for is loaded.
      if (wanted !== undefined && wanted !== name) continue;
      const { command } = await load();
      const entry = program.command(name).summary(command.summary).description(command.summary);
      command.configure(entry, wrap(entry));
    }
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    stderr.write(
      `${renderError(error, { color: supportsColor(stderr, environment), debug: Boolean(environment['DEBUG']) })}\n`,
    );
    return 3;
  } finally {
    for (const name of INTERRUPTS) process.off(name, onSignal);
  }
}

/** What a person who pressed Ctrl-C is told where a command has no words of its own. */
function interrupted(): ConstitutionError {
  return new ConstitutionError('CX-RUN-CANCELLED', 'the command was interrupted', {
    hint: 'Start it again.',
  });
}

function contextOf(options: GlobalOptions, signal: AbortSignal, surroundings: Surroundings): CommandContext {
  const { stdin, stdout, stderr, environment, folder, startPython } = surroundings;
  const quiet = options.quiet === true;
  return {
    root: options.root === undefined ? findRoot(folder) : namedRoot(folder, options.root),
    json: options.json === true,
    quiet,
    signal,
    startPython,
    color: supportsColor(stdout, environment),
    ask: stdin.isTTY && stderr.isTTY && options.json !== true ? questions(stdin, stderr, signal) : null,
    out: (text) => void stdout.write(`${text}\n`),
    note: (text) => {
      if (!quiet) stderr.write(`${text}\n`);
    },
  };
}

function namedRoot(from: string, name: string): string {
  const root = path.resolve(from, name);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return root;
  throw new ConstitutionError('CX-CONFIG-MISSING', `there is no folder ${root}`, {
    hint: 'Name the folder of the project with --root.',
  });
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'gate.yaml')) || existsSync(path.join(folder, 'package.json')))
      return folder;
    if (path.dirname(folder) === folder) {
      throw new ConstitutionError(
        'CX-CONFIG-MISSING',
        `no gate.yaml or package.json in ${from} or above it`,
        {
          hint: 'Call the command inside a project, or name one with --root.',
        },
      );
    }
  }
}

function ofProcess(): Surroundings {
  const { stdin, stdout, stderr, env: environment } = process;
  return { stdin, stdout, stderr, environment, folder: process.cwd() };
}

if (process.argv[1] !== undefined && /[\\/](cli\.mjs|vitest-constitution)$/.test(process.argv[1])) {
  process.exitCode = await main(process.argv.slice(2));
}
