import * as vitest from 'vitest';

// `TestRunner` is exported since vitest 4.1; before, the runner has an entry point of its own.
const { TestRunner } = vitest as unknown as { TestRunner?: new (config: object) => object };
const Base: any = TestRunner ?? (await import(['vitest', 'runners'].join('/'))).VitestTestRunner;

export default class CountingRunner extends Base {
  attempts = 0;

  onBeforeTryTask(test: any, options: object) {
    test.meta.attempt = ++this.attempts;
    return super.onBeforeTryTask(test, options);
  }

  onTaskFinished(test: any) {
    test.meta.finished = test.result.state;
  }
}
