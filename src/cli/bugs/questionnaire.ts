import { inspectSeededBugs } from '../../config/bugs.ts';
import { BUG_ROLES, type BugRole } from '../../core/seeded-bug.ts';
import type { Ask } from '../command.ts';
import type { NewOptions } from './options.ts';

/** Flags that name something to make the bug of: then nothing needs to be asked. */
const SOURCES = ['fromDiff', 'fromCommit', 'mutate', 'buggy', 'fixed', 'tests'] as const;

/** Asks for what flags did not say, where there is somebody to ask. */
export async function questionnaire(options: NewOptions, ask: Ask | null, root: string): Promise<NewOptions> {
  if (ask === null || SOURCES.some((source) => options[source] !== undefined)) return options;
  const role = options.role ?? ((await ask('Role', { preset: 'coder', check: oneOf(BUG_ROLES) })) as BugRole);
  const bugs = await inspectSeededBugs(root, { role });
  const taken = bugs.map(({ id }) => id);
  const kinds = [...new Set(bugs.flatMap(({ bug }) => (bug ? [bug.kind] : [])))].sort();
  const said = async (name: keyof NewOptions, question: string, about?: Parameters<Ask>[1]) =>
    String(options[name] ?? (await ask(question, about)));
  const id = await said('id', 'Id, e.g. sum-to-n', { check: (answer) => wrongId(answer, taken) });
  const kind = await said('kind', `Kind (known: ${kinds.join(', ')})`, { check: wrongKind });
  const difficulty = await said('difficulty', 'Difficulty, 1 to 3', {
    preset: '1',
    check: oneOf(['1', '2', '3']),
  });
  const title = await said('title', 'Title, what is wrong in one line');
  const known = { ...options, role, id, kind, difficulty, title };
  if (role === 'planner') {
    const tasks = await said('tasks', 'Tasks, with commas between, not in a right order');
    return { ...known, tasks, brief: await said('brief', 'Brief, each dependency a sentence of its own') };
  }
  const entry = await said('entry', 'Name of the function', {
    preset: id.replaceAll('-', '_'),
    check: (answer) => (/^[A-Za-z_]\w*$/.test(answer) ? null : 'Not a name of Python.'),
  });
  return { ...known, entry };
}

function oneOf(choices: readonly string[]) {
  return (answer: string) => (choices.includes(answer) ? null : `One of ${choices.join(', ')}.`);
}

function wrongKind(answer: string): string | null {
  return /^[a-z][a-z0-9-]*$/.test(answer) ? null : 'Lower case, words joined by hyphens, e.g. off-by-one.';
}

function wrongId(answer: string, taken: readonly string[]): string | null {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(answer)) return 'Lower case, words joined by hyphens, e.g. sum-to-n.';
  return taken.includes(answer) ? 'There is already a bug of that id.' : null;
}
