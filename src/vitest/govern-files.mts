// Loaded by Node and not by vite, so nothing here imports vitest: the copy that runs the tests is handed in.
import path from 'node:path';
import type { Test } from '@vitest/runner';
import { PROBES } from '../checks/probe-registry.ts';
import { type GovernedFile, governTest } from './govern-test.ts';
import { readTestFile } from './locate-test.ts';
import { beforeEachTest } from './raw-hook.ts';
import { type ImportModule, resolveFile } from './resolve-file.ts';

/**
 * Governs every test of the files that this worker runs from now on. To be called whenever vitest runs the setup files: with
 * `isolate: false`, files follow each other in one worker.
 */
export async function governFiles(
  vitest: typeof import('vitest'),
  importModule: ImportModule,
): Promise<void> {
  const provided = vitest.inject('constitution');
  for (const name of provided.probes) PROBES[name].install?.();
  let current: { path: string; file: GovernedFile | Promise<GovernedFile> } | undefined;

  // Destructured: vitest makes the fixtures that a hook's argument is seen to ask for, and all of them where it cannot see.
  await beforeEachTest(vitest, ({ task, onTestFinished }) => {
    const test = { task, onTestFinished };
    const { filepath } = task.file;
    if (current?.path !== filepath) {
      const opened: NonNullable<typeof current> = { path: filepath, file: open(task) };
      current = opened;
    }
    const opened = current as NonNullable<typeof current>;
    if (!(opened.file instanceof Promise)) return governTest(opened.file, test);
    return opened.file.then((file) => {
      opened.file = file;
      return governTest(file, test);
    });
  });

  async function open(task: Test): Promise<GovernedFile> {
    const file = path.relative(provided.root, task.file.filepath).split(path.sep).join('/');
    const place = { file, project: task.file.projectName ?? '' };
    return {
      ...place,
      vitest,
      filepath: task.file.filepath,
      source: () => readTestFile(task.file.filepath),
      provided,
      constitution: await resolveFile(provided, place, importModule),
      begun: 0,
      active: new Set(),
      earlier: new Map(),
    };
  }
}
