import type { BugSecrets } from './bug-secrets.ts';
import type { Json } from './json.ts';
import type { LmExchange } from './lm-exchange.ts';

export interface Leak {
  readonly kind: 'fix' | 'hidden-test' | 'plan';
  /** The line, call or plan that was found. */
  readonly text: string;
  /** 0-based number of the request within its recording. */
  readonly request: number;
  /**
   * False where it stands beside the bug's own function: it may then be part of what every prompt holds (a worked
   * example with the same line), and is a leak only where the prompts of other bugs do not hold it.
   */
  readonly certain: boolean;
}

/** What a leak is called, by its kind. */
const WHAT: Record<Leak['kind'], string> = {
  fix: 'the line of the fix',
  'hidden-test': 'the hidden test',
  plan: 'the right plan',
};

/** `the hidden test add(2, 3)`. */
export function leakText({ kind, text }: Pick<Leak, 'kind' | 'text'>): string {
  return `${WHAT[kind]} ${text}`;
}

/** Shorter lines (white space left out) are found inside the bug's own function only: `return x` stands anywhere. */
const DISTINCT_LINE = 16;
/** Plans of fewer tasks are not looked for: a rule about two tasks names them in the right order itself. */
const MIN_PLAN = 3;

/**
 * The requests of one recording that hold a secret. Compared are
 *
 * - each line that the fix has and the bug has not (where it only leaves lines out: each two lines that have become
 *   neighbours), whole and without its indentation, with the lines of the function `entry` in the prompt;
 * - such a line of at least 16 characters with the whole prompt;
 * - the call of each hidden test with the whole prompt, visible examples left out;
 * - the right plan of at least three tasks, as these tasks one after the other.
 *
 * White space, quotes' kind and escapes count for nothing. What the model has answered earlier in the same recording is
 * its own work and no leak when a later prompt repeats it.
 */
export function leaksIn(exchanges: readonly LmExchange[], secrets: BugSecrets): Leak[] {
  const visible = secrets.visible.map(squeeze);
  const changed = changedLines(secrets.code);
  const calls = [...new Set(secrets.hiddenCalls.map(squeeze))].filter((call) => !visible.includes(call));
  const leaks: Leak[] = [];
  let answered = '';
  for (const [request, exchange] of exchanges.entries()) {
    const texts = textsIn(exchange.request['messages'] ?? exchange.request['prompt'] ?? exchange.request);
    const whole = squeeze(texts.join('\n'));
    const found = (kind: Leak['kind'], text: string, certain: boolean) => {
      if (!answered.includes(text)) leaks.push({ kind, text, request, certain });
    };
    const inFunction = block(texts.flatMap((text) => functionLines(text, secrets.entry)));
    for (const line of changed) {
      if (inFunction.includes(block([line]))) found('fix', line, true);
      else if (line.length >= DISTINCT_LINE && whole.includes(line) && !visible.some((v) => v.includes(line)))
        found('fix', line, false);
    }
    for (const call of calls) {
      const elsewhere = without(
        whole,
        visible.filter((shown) => shown.includes(call)),
      );
      if (occurs(call, elsewhere)) found('hidden-test', call, true);
    }
    const plan = planIn(whole, secrets.plan);
    if (
      plan !== null &&
      planIn(visible.join('\n'), secrets.plan) === null &&
      planIn(answered, secrets.plan) === null
    )
      leaks.push({ kind: 'plan', text: secrets.plan.join(', '), request, certain: true });
    answered += `\n${squeeze(answersOf(exchange).join('\n'))}`;
  }
  return leaks;
}

/** Whether the prompts of an exchange hold a text that {@link leaksIn} reported, compared in the same way. */
export function promptHolds(exchange: LmExchange, text: string): boolean {
  return squeeze(textsIn(exchange.request).join('\n')).includes(text);
}

/** Lines keep their ends; all other white space goes but for one blank between words. Quotes are all of one kind. */
function squeeze(text: string): string {
  return text
    .replace(/\\(["'])/g, '$1')
    .replaceAll('"', "'")
    .split('\n')
    .map((line) =>
      line
        .replace(/\s+/g, ' ')
        .replace(/ ?([^\w\s]) ?/g, '$1')
        .trim(),
    )
    .join('\n');
}

/** Lines with an end on both sides, so that a part of a line is not found among them. */
function block(lines: readonly string[]): string {
  return `\n${lines.join('\n')}\n`;
}

function changedLines(code: BugSecrets['code']): string[] {
  if (code === null) return [];
  const [buggy, fixed] = [code.buggy, code.fixed].map((text) => squeeze(text).split('\n').filter(Boolean));
  const added = (fixed ?? []).filter((line) => /\w/.test(line) && !buggy?.includes(line));
  if (added.length > 0) return [...new Set(added)];
  const pairs = (fixed ?? []).slice(1).map((line, i) => `${fixed?.[i]}\n${line}`);
  return pairs.filter((pair) => !block(buggy ?? []).includes(block([pair])));
}

/** The squeezed lines of every function of that name in a text, its head left out. */
function functionLines(text: string, entry: string | null): string[] {
  if (entry === null) return [];
  const lines = text.split('\n');
  const found: string[] = [];
  let indentation = -1;
  for (const line of lines) {
    const own = line.length - line.trimStart().length;
    if (new RegExp(`^\\s*(async )?def ${entry}\\b`).test(line)) {
      indentation = own;
      found.push(squeeze(line));
    } else if (line.trim() === '') {
    } else if (indentation >= 0 && own > indentation) found.push(squeeze(line));
    else indentation = -1;
  }
  return found;
}

function without(text: string, known: readonly string[]): string {
  return known.reduce((rest, shown) => rest.replaceAll(shown, '\n'), text);
}

/** Whether a call stands in a text by itself, not as the end of another name's call. */
function occurs(call: string, text: string): boolean {
  for (let at = text.indexOf(call); at >= 0; at = text.indexOf(call, at + 1)) {
    if (!/[\w.]/.test(text[at - 1] ?? '') || !/^\w/.test(call)) return true;
  }
  return false;
}

/** Where the tasks of a plan stand one after the other, with nothing but punctuation between them. */
function planIn(text: string, plan: readonly string[]): string | null {
  if (plan.length < MIN_PLAN) return null;
  const tasks = plan.map((task) => task.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&'));
  return new RegExp(`(?<![\\w-])${tasks.join('[\\W\\d]+(?:then )?')}(?![\\w-])`, 'i').exec(text)?.[0] ?? null;
}

function answersOf({ response }: LmExchange): string[] {
  return [
    ...textsIn(response.body),
    ...(response.text === undefined ? [] : [response.text]),
    ...(response.events ?? []),
  ];
}

/** Every text in a JSON value, in its order. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(textsIn);
}
