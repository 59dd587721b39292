import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import readline from 'node:readline/promises';
import { createTwoFilesPatch } from 'diff';
import glob from 'fast-glob';
import { ConstitutionError } from '../../core/errors.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import type { Command, CommandContext } from '../command.ts';
import { IGNORED, type PlannedFile, planConfig, TEST_FILES } from '../init/plan-config.ts';
import { starterArticles, traitsOf } from '../init/starter.ts';

/** Test files that are read to see what suits the suite. */
const MOST_FILES = 500;

export const command: Command = {
  summary: 'add the plugin to vitest.config and write a starter constitution, in warn mode',
  configure: (command, action) =>
    command
      .option('--yes', 'do not ask')
      .addHelpText(
        'after',
        '\nNothing that exists is overwritten. Exit code: 0 done or nothing to do, 3 not understood.',
      )
      .action(action((context, options) => init(context, options as { yes?: boolean }))),
};

async function init(context: CommandContext, { yes }: { readonly yes?: boolean }): Promise<number> {
  const { root } = context;
  const { files, notes } = await planConfig(root);
  const planned = [...files, ...(await planArticles(root))];
  const report = (written: readonly string[], text: string) =>
    context.out(context.json ? JSON.stringify({ written, notes }) : [text, ...notes].join('\n'));
  if (planned.length === 0) {
    report([], 'The plugin and a constitution are there already.');
    return 0;
  }
  const diff = planned
    .map(({ file, before, after }) =>
      createTwoFilesPatch(before === '' ? '/dev/null' : file, file, before, after, '', '', { context: 2 }),
    )
    .join('');
  if (!context.json) context.out(diff.trimEnd());
  if (!yes && !(await confirmed(context))) return 0;
  for (const { file, after } of planned) await writeAtomically(path.join(root, file), after);
  const written = planned.map(({ file }) => file);
  report(
    written,
    `${written.length} files written. Run \`npx vitest run\`; then turn warnings into \`severity: block\`, one by one.`,
  );
  return 0;
}

async function planArticles(root: string): Promise<PlannedFile[]> {
  if (existsSync(path.join(root, 'constitution'))) return [];
  const tests = await glob(TEST_FILES, { cwd: root, ignore: IGNORED });
  const sources = await Promise.all(
    tests.slice(0, MOST_FILES).map((file) => readFile(path.join(root, file), 'utf8').catch(() => '')),
  );
  const traits = traitsOf(sources, {
    hasDocs: (await glob('{*.md,docs/**/*.md}', { cwd: root, ignore: IGNORED })).length > 0,
    hasPipelines: existsSync(path.join(root, 'gate.yaml')),
  });
  return Object.entries(starterArticles(traits)).map(([name, after]) => ({
    file: `constitution/${name}`,
    before: '',
    after,
  }));
}

async function confirmed(context: CommandContext): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new ConstitutionError('CX-USAGE', 'there is no terminal to ask on', {
      hint: 'Call it with --yes to write these files.',
    });
  }
  const prompt = readline.createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question('Write these files? [y/N] ', { signal: context.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
