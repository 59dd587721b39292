// Loaded by Node and not by vite, so nothing here imports vitest: the copy that runs the tests is handed in.
import path from 'node:path';
import type { File } from '@vitest/runner';
import { countAssertionsOf } from '../checks/assertion-count.ts';
import { loadProbe } from '../checks/worker-checks.ts';
import { type GovernedFile, governTest } from './govern-test.ts';
import { beforeEachTest, beforeFile } from './raw-hook.ts';
import { readTestFile } from './read-test-file.ts';
import { resolveFile } from './resolve-file.ts';
import type { ImportModule } from './resolve-project-check.ts';

/**
 * Governs every test of the files that this worker runs from now on. To be called whenever vitest runs the setup files: with
 * `isolate: false`, files follow each other in one worker.
 */
export async function governFiles(
  vitest: typeof import('vitest'),
  importModule: ImportModule,
): Promise<void> {
  const provided = vitest.inject('constitution');
  for (const name of provided.probes) (await loadProbe(name)).install?.();
  let current: { path: string; file: GovernedFile | Promise<GovernedFile> } | undefined;

  // Destructured: vitest makes the fixtures that a hook's argument is seen to ask for, and all of them where it cannot see.
  await beforeEachTest(vitest, ({ task, onTestFinished }) => {
    const test = { task, onTestFinished };
    const opened = opening(task.file);
    if (!(opened.file instanceof Promise)) return governTest(opened.file, test);
    return opened.file.then((file) => {
      opened.file = file;
      return governTest(file, test);
    });
  });
  if (provided.repeats) {
    const { repeatTests } = await import('./repeat-tests.ts');
    await beforeFile(vitest, async (file) => repeatTests(file.tasks, await opening(file).file));
  }

  function opening(file: File): NonNullable<typeof current> {
    if (current?.path !== file.filepath) current = { path: file.filepath, file: open(file) };
    return current;
  }

  async function open({ filepath, projectName }: File): Promise<GovernedFile> {
    const file = path.relative(provided.root, filepath).split(path.sep).join('/');
    const place = { file, project: projectName ?? '' };
    const constitution = await resolveFile(provided, place, importModule);
    // vitest passes on chai's `assert`, whose calls `expect` does not count.
    if (constitution.probes.has('assertions')) countAssertionsOf(vitest.chai.assert);
    return {
      ...place,
      vitest,
      filepath,
      source: () => readTestFile(filepath),
      provided,
      constitution,
      begun: 0,
      active: new Set(),
      earlier: new Map(),
    };
  }
}
