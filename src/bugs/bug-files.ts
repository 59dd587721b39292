import { stringify } from 'yaml';
import type { PlannerHiddenTests } from '../config/bug-schemas.ts';
import type { BugFiles } from './bug-folder.ts';
import type { MadeBug, MadeCase } from './maker.ts';

/** What is said of a bug beside its programs and tests. */
export interface Description {
  readonly kind: string;
  readonly difficulty: number;
  readonly title: string;
}

/** Failing hidden tests that `bug.yaml` need not mention. */
const USUAL_FAILING = 5;

/** The files of a Coder bug that is complete. */
export function coderFiles(description: Description, made: Omit<MadeBug, 'why' | 'left' | 'what'>): BugFiles {
  const { entry, line, examples, failing, shown } = made;
  const bug = {
    ...description,
    entry,
    line,
    ...(failing < USUAL_FAILING ? { failing } : {}),
    ...(shown ? {} : { shown }),
    examples: examples,
  };
  return {
    'bug.yaml': yaml(bug),
    'buggy.py': made.buggy,
    'fixed.py': made.fixed,
    'hidden_tests.yaml': yaml(made.hidden),
  };
}

/** As {@link coderFiles}, with a `TODO` for everything that is not there, and why it is not. */
export function coderDraft(
  description: Description,
  made: Pick<MadeBug, 'entry' | 'buggy' | 'fixed' | 'line' | 'examples' | 'hidden'>,
  reasons: readonly string[],
): BugFiles {
  const { entry, line, examples, hidden } = made;
  const program = `def ${entry}():\n    """TODO: what the function shall do."""\n    raise NotImplementedError\n`;
  const todo = `- call: ${entry}(TODO)\n  expect: TODO\n`;
  const why = reasons.map((reason) => `# ${reason.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')}\n`).join('');
  return {
    'bug.yaml':
      `${why}${yaml({ ...description, entry, line })}` +
      `# Two to four calls that pipelines are shown; at least one is wrong with buggy.py.\nexamples:\n` +
      indented(`${cases(examples)}${todo.repeat(Math.max(0, 2 - examples.length))}`),
    'buggy.py': made.buggy || program,
    'fixed.py': made.fixed || program,
    'hidden_tests.yaml':
      '# At least five calls that are wrong with buggy.py and right with fixed.py, none of them an example.\n' +
      `${cases(hidden)}${todo.repeat(Math.max(0, USUAL_FAILING - hidden.length))}`,
  };
}

/** What a person has said of a Planner bug; what is empty is left to do. */
export interface PlannerParts {
  readonly tasks: readonly string[];
  readonly brief: string;
  readonly stale: readonly string[];
  readonly right: readonly string[];
  /** What `hidden_tests.yaml` states; null where it is to be written. */
  readonly hidden: PlannerHiddenTests | null;
}

/** The files of a Planner bug, with a `TODO` for everything that is not there. */
export function plannerFiles(description: Description, parts: PlannerParts): BugFiles {
  const { tasks, brief, stale, right, hidden } = parts;
  const list = (name: string, items: readonly unknown[]) =>
    yaml({ [name]: items.length > 0 ? items : 'TODO' });
  return {
    'bug.yaml': `${yaml(description)}${
      tasks.length > 0 ? '' : '# Lower case, one word each, not in a right order, e.g. [paint, clean].\n'
    }${list('tasks', tasks)}${
      brief === '' ? '# Each dependency a sentence of its own, e.g. "Paint comes after clean."\n' : ''
    }${yaml({ brief: brief || 'TODO' })}`,
    'buggy.yaml': list('plan', stale),
    'fixed.yaml': list('plan', right),
    'hidden_tests.yaml': `# Each pair as [before, after].\n${yaml(hidden ?? { dependencies: 'TODO' })}`,
  };
}

function cases(made: readonly MadeCase[]): string {
  return made.length > 0 ? yaml(made) : '';
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** Long calls stay on one line, so that a line of the file is a line of the test. */
function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, singleQuote: true });
}
