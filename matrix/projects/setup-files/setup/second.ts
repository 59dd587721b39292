import { afterEach, beforeEach } from 'vitest';

globalThis.loaded = [...(globalThis.loaded ?? []), 'second'];
beforeEach(({ task }) => {
  // Which of the two set-up files is loaded first is left to chance where they are loaded at once.
  task.meta.order = [...(task.meta.order ?? []), 'second'].sort();
});
afterEach(({ task }) => {
  task.meta.order.push('second, after');
});
