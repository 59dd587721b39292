#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command as Commander, CommanderError, Option } from 'commander';
import { ConstitutionError } from '../core/errors.ts';
import { renderError } from '../report/error.ts';
import { supportsColor } from './color.ts';
import type { Action, ActionWrapper, CommandContext } from './command.ts';
import { COMMANDS } from './registry.ts';

interface GlobalOptions {
  root?: string;
  json?: boolean;
  quiet?: boolean;
}

/** Runs one command line and returns its exit code. Everything that goes wrong is printed once, on stderr. */
export async function main(argv: readonly string[], environment = process.env): Promise<number> {
  let exitCode = 0;
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);

  const program = new Commander('vitest-constitution')
    .description('Prove that a change to an LM pipeline is better, within budget and lawful.')
    .version(version())
    .addOption(
      new Option('--root <folder>', 'the project (default: nearest folder with a gate.yaml or package.json)'),
    )
    .option('--json', 'print one JSON document to stdout')
    .option('--quiet', 'print results only, no progress')
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  const wrap: (command: Commander) => ActionWrapper =
    (command) =>
    (action: Action) =>
    async (...args) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      exitCode = await action(contextOf(options, interrupt.signal), ...args);
    };

  try {
    const wanted = Object.keys(COMMANDS).find((name) => argv.includes(name));
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
    process.stderr.write(
      `${renderError(error, { color: supportsColor(process.stderr, environment), debug: Boolean(environment['DEBUG']) })}\n`,
    );
    return 3;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function contextOf(options: GlobalOptions, signal: AbortSignal): CommandContext {
  const quiet = options.quiet === true;
  return {
    root: options.root === undefined ? findRoot(process.cwd()) : path.resolve(options.root),
    json: options.json === true,
    quiet,
    signal,
    out: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => {
      if (!quiet) process.stderr.write(`${text}\n`);
    },
  };
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

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

if (process.argv[1] !== undefined && /[\\/](cli\.mjs|vitest-constitution)$/.test(process.argv[1])) {
  process.exitCode = await main(process.argv.slice(2));
}
