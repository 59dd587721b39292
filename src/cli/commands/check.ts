import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ConstitutionError } from '../../core/errors.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'run the suite and print how each article fares',
  configure: (command, action) =>
    command
      .argument('[vitest arguments...]', 'passed on to vitest, e.g. a filter; options after --')
      .addHelpText(
        'after',
        '\nExit code: 0 every blocking article holds and every test passes, 1 not so, 3 the suite cannot run.',
      )
      .action(action((context, args) => check(context, args as string[]))),
};

async function check(context: CommandContext, args: readonly string[]): Promise<number> {
  const { vitestOf } = await import('../../vitest/overhead/run-suite.ts');
  const { root, signal, note } = context;
  const folder = await mkdtemp(path.join(tmpdir(), 'constitution-'));
  const lines = path.join(folder, 'run.jsonl');
  try {
    note('running the suite …');
    const { exitCode, stderr } = await execa(
      process.execPath,
      [
        vitestOf(root),
        'run',
        '--reporter=json',
        `--outputFile=${path.join(folder, 'results.json')}`,
        ...args,
      ],
      {
        cwd: root,
        // The reporter's table goes to stderr; what vitest's own reporter says is of no use here, and not for the file where
        // the project's configuration would have it.
        env: {
          CONSTITUTION: 'on',
          CONSTITUTION_JSON_LINES: lines,
          ...(context.color ? { FORCE_COLOR: '1' } : {}),
        },
        stdin: 'ignore',
        reject: false,
        cancelSignal: signal,
      },
    );
    const text = await readFile(lines, 'utf8').catch(() => null);
    if (text === null) throw notGoverned(stderr);
    const [run, ...rest] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const of = (type: string) => rest.filter((line) => line['type'] === type);
    if (context.json) {
      context.out(
        JSON.stringify({ run, articles: of('article'), findings: of('finding'), waived: of('waived') }),
      );
    } else context.out(tableIn(stderr));
    return exitCode === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The constitution's part of what a run wrote to stderr. */
function tableIn(stderr: string): string {
  const lines = stderr.split('\n');
  const start = lines.findIndex((line) => line.includes('Constitution  '));
  return lines.slice(Math.max(0, start)).join('\n').trimEnd();
}

/** The run wrote no report: it did not start, or the plugin is not there, or there are no articles. */
function notGoverned(stderr: string): ConstitutionError {
  return new ConstitutionError('CX-CONFIG-MISSING', 'the run says nothing of a constitution', {
    hint: 'Add the plugin and articles with `vitest-constitution init`, or mend what vitest says.',
    details: { stderr: stderr.slice(-4_000) },
  });
}
