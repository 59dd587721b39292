// Runs in every test worker, before the user's own setup files. Small on purpose: every test pays for it.
import path from 'node:path';
import type { Test } from '@vitest/runner';
import { inject } from 'vitest';
import { PROBES } from '../checks/probe-registry.ts';
import { type GovernedFile, governTest } from './govern-test.ts';
import { beforeEachTest } from './raw-hook.ts';
import { resolveFile } from './resolve-file.ts';

const provided = inject('constitution');
for (const name of provided.probes) PROBES[name].install?.();
/** The file that this worker runs at present; with `isolate: false` files follow each other. */
let current: { path: string; file: GovernedFile | Promise<GovernedFile> } | undefined;

await beforeEachTest(({ task, onTestFinished }) => {
  const { filepath } = task.file;
  if (current?.path !== filepath) {
    const opened: NonNullable<typeof current> = { path: filepath, file: open(task) };
    current = opened;
  }
  const opened = current as NonNullable<typeof current>;
  if (!(opened.file instanceof Promise)) return governTest(opened.file, task, onTestFinished);
  return opened.file.then((file) => {
    opened.file = file;
    return governTest(file, task, onTestFinished);
  });
});

async function open(task: Test): Promise<GovernedFile> {
  const file = path.relative(provided.root, task.file.filepath).split(path.sep).join('/');
  const place = { file, project: task.file.projectName ?? '' };
  return {
    ...place,
    filepath: task.file.filepath,
    provided,
    constitution: await resolveFile(provided, place),
    begun: 0,
    active: new Set(),
    earlier: new Map(),
  };
}
