import { beforeEach, expect } from 'vitest';

globalThis.loaded = [...(globalThis.loaded ?? []), 'first'];
expect.extend({
  toBeTheAnswer: (received: number) => ({
    pass: received === 42,
    message: () => `${received} is not the answer`,
  }),
});
beforeEach(({ task, onTestFinished }) => {
  task.meta.order = [...(task.meta.order ?? []), 'first'].sort();
  onTestFinished(() => {
    task.meta.order.push('first, finished');
  });
});
