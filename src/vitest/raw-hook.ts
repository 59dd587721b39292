import type { File } from '@vitest/runner';
import type { TestContext } from 'vitest';

type BeforeEach = (context: TestContext) => void | Promise<void>;
type BeforeAll = (file: File) => void | Promise<void>;

interface Suite {
  on(name: 'beforeEach', hook: BeforeEach): void;
  on(name: 'beforeAll', hook: BeforeAll): void;
}

/**
 * Registers a hook before each test of the file that is about to be collected, as vitest's own `beforeEach` does but for
 * what that adds: it would make the automatic fixtures of `test.extend` before the test does, under the time limit of
 * hooks, and it takes a timer and a stack trace for every test.
 */
export async function beforeEachTest(vitest: object, hook: BeforeEach): Promise<void> {
  (await currentSuite(vitest)).on('beforeEach', hook);
}

/** Registers a hook before the first test of the file that is about to be collected. */
export async function beforeFile(vitest: object, hook: BeforeAll): Promise<void> {
  (await currentSuite(vitest)).on('beforeAll', hook);
}

async function currentSuite(vitest: object): Promise<Suite> {
  const { getCurrentSuite } =
    (vitest as { TestRunner?: { getCurrentSuite: () => unknown } }).TestRunner ?? (await olderRunner());
  return getCurrentSuite() as Suite;
}

type Finished = () => void | Promise<void>;

/** What a hook before each test is handed of it. */
export type BeginningTest = Pick<TestContext, 'task' | 'onTestFinished'>;

/** Whether vitest keeps what is to be called after a test where it is expected; looked at once. */
let listed: boolean | undefined;

/**
 * Calls a function when this attempt of the test has finished, as vitest's own `onTestFinished` does but for what that adds:
 * it takes a timer and a stack trace for every test.
 */
export function whenTestFinished({ task, onTestFinished }: BeginningTest, finished: Finished): void {
  const hidden = task as { onFinished?: Finished[] };
  if (listed) {
    hidden.onFinished ??= [];
    hidden.onFinished.push(finished);
    return;
  }
  const before = hidden.onFinished?.length ?? 0;
  onTestFinished(finished);
  listed ??= hidden.onFinished?.length === before + 1;
}

/** Before vitest 4.1 the runner is behind an entry point of its own, which vitest 5 does not have. */
function olderRunner(): Promise<{ getCurrentSuite: () => unknown }> {
  // Put together here: an import of a name that is written out is resolved when the file is loaded, needed or not.
  return import(/* @vite-ignore */ ['vitest', 'suite'].join('/'));
}
