import { EventEmitter } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Vitest } from 'vitest/node';
import { ConstitutionError } from '../core/errors.ts';
import { watchArticles } from './watch-articles.ts';

const FOLDER = path.resolve('/project/constitution');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(load: () => Promise<unknown>, watch = true) {
  const watcher = Object.assign(new EventEmitter(), { add: vi.fn() });
  const restart = vi.fn(() => Promise.resolve());
  const error = vi.fn();
  const vitest = { config: { watch }, vite: { watcher, restart }, logger: { error } } as unknown as Vitest;
  watchArticles(vitest, FOLDER, load);
  const change = async (...files: string[]) => {
    for (const file of files) watcher.emit('all', 'change', file);
    await vi.runAllTimersAsync();
  };
  return { watcher, restart, error, change };
}

test('a change of the constitution, told twice, starts vitest anew once', async () => {
  const { restart, change } = watched(() => Promise.resolve());
  const article = path.join(FOLDER, 'i.yaml');
  await change(article, article);
  expect(restart).toHaveBeenCalledTimes(1);
  await change(path.join(FOLDER, 'checks', 'own.ts'));
  expect(restart).toHaveBeenCalledTimes(2);
});

test('other files are vitest its own concern', async () => {
  const { restart, change } = watched(() => Promise.resolve());
  await change(path.resolve('/project/a.test.ts'), path.resolve('/project/constitution-old/i.yaml'));
  expect(restart).not.toHaveBeenCalled();
});

test('what is wrong is told, and the next change is waited for', async () => {
  const wrong = new ConstitutionError('CX-CONFIG-INVALID', 'unknown key "titel"');
  const load = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(wrong);
  const { restart, error, change } = watched(load);
  await change(path.join(FOLDER, 'i.yaml'));
  expect(error.mock.calls).toEqual([[expect.stringContaining('CX-CONFIG-INVALID unknown key "titel"')]]);
  expect(restart).not.toHaveBeenCalled();
  await change(path.join(FOLDER, 'i.yaml'));
  expect(restart).toHaveBeenCalledTimes(1);
});

test('without watch mode nothing is watched', () => {
  const { watcher } = watched(() => Promise.resolve(), false);
  expect(watcher.listenerCount('all')).toBe(0);
  expect(watcher.add).not.toHaveBeenCalled();
});
