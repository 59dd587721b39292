import type { Task, Test } from '@vitest/runner';
import { callsOfTest } from '../core/locate-in-source.ts';
import { matches } from './govern.ts';
import { fullName, type GovernedFile, tagsOf } from './govern-test.ts';
import { runOnceMore } from './once-more.ts';

/**
 * Has the tests of a file run once more where an article compares what they record, and they do not repeat themselves. vitest
 * reads how often when a test begins: to be called before the first one does.
 */
export function repeatTests(tasks: readonly Task[], file: GovernedFile): void {
  const articles = file.constitution.articles.filter(({ checks }) => checks.some(({ repeats }) => repeats));
  if (articles.length === 0) return;
  const source = file.source();
  for (const task of testsIn(tasks)) {
    const test = { name: fullName(task), tags: tagsOf(task) };
    if (task.repeats) continue;
    if (articles.some((article) => matches(article, test)) && mayRecord(source, test.name)) runOnceMore(task);
  }
}

function* testsIn(tasks: readonly Task[]): Generator<Test> {
  for (const task of tasks) {
    if (task.type === 'suite') yield* testsIn(task.tasks);
    else yield task;
  }
}

/** What brings the fixtures into a test. */
const FIXTURES = /\b(?:record|dspy|fixtureTests)\b/;

/** Whether a test names a fixture that records; the file says it for one that it does not spell out. */
function mayRecord(source: string | null, name: string): boolean {
  if (source === null || !FIXTURES.test(source)) return false;
  const [call] = callsOfTest(source, name);
  return call === undefined || FIXTURES.test(source.slice(call.bracket, call.end));
}
