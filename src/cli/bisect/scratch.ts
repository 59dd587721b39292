import { existsSync } from 'node:fs';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { addEnvironment, syncEnvironments } from '../../bridge/environments/index.ts';
import type { SyncOptions } from '../../bridge/environments/sync.ts';
import { loadEnvironments } from '../../config/environments.ts';

/** Where a bisection keeps its environments and recordings, relative to the project: the project's own stay as they are. */
export const SCRATCH_FOLDER = path.join('.constitution', 'bisect');

/** A folder that looks like the project to whatever makes and finds environments. */
export interface Scratch {
  readonly root: string;
  readonly recordings: string;
}

/** Opens the folder; environments that an earlier bisection has made are still there. */
export async function openScratch(projectRoot: string): Promise<Scratch> {
  const root = path.join(projectRoot, SCRATCH_FOLDER);
  const recordings = path.join(root, 'recordings');
  await mkdir(path.join(root, 'environments'), { recursive: true });
  await mkdir(path.join(root, '.constitution'), { recursive: true });
  await rm(recordings, { recursive: true, force: true });
  await mkdir(recordings);
  await cp(path.join(projectRoot, 'gate.yaml'), path.join(root, 'gate.yaml'));
  // The embedded model, and the uv that was fetched: once is enough.
  for (const shared of ['lm', 'uv']) {
    const place = path.join(root, '.constitution', shared);
    const own = path.join(projectRoot, '.constitution', shared);
    if (existsSync(own) && !existsSync(place)) await symlink(own, place);
  }
  return { root, recordings };
}

/** Makes the environment of a DSPy version where it is not there yet, and names it. @throws as `addEnvironment`. */
export async function environmentOf(
  { root }: Scratch,
  version: string,
  options: SyncOptions & { readonly requirements: readonly string[] },
): Promise<string> {
  const name = `dspy-${version}`;
  const declared = (await loadEnvironments(root)).filter((one) => one.name === name);
  if (declared.length === 0) await addEnvironment(root, `dspy==${version}`, options);
  else await syncEnvironments(root, declared, options);
  return name;
}
