import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileWrite, Probe } from '../observations.ts';
import { isMarked, processState } from '../process-state.ts';
import { Watchers } from '../watchers.ts';

const MAX_WRITES = 1_000;

/** Functions that change files, and the positions of the paths that they change. */
const CHANGING: Readonly<Record<string, readonly number[]>> = {
  writeFile: [0],
  appendFile: [0],
  mkdir: [0],
  mkdtemp: [0],
  rm: [0],
  rmdir: [0],
  unlink: [0],
  truncate: [0],
  chmod: [0],
  lchmod: [0],
  chown: [0],
  lchown: [0],
  utimes: [0],
  lutimes: [0],
  rename: [0, 1],
  copyFile: [1],
  cp: [1],
  link: [1],
  symlink: [1],
};

/** Operations on a link itself; the others follow it. */
const ON_LINK = /^(rm|rmdir|unlink|rename|symlink|l.*)$/;

const watchers = processState('writes', () => new Watchers<FileWrite>(MAX_WRITES));

/** Files that a test changes through `fs` and `fs/promises`. Child processes and native modules are out of sight. */
export const probe: Probe<'writes'> = {
  install: patch,
  watch: () => watchers.watch(),
};

type Functions = Record<string, ((...args: unknown[]) => unknown) | undefined>;

function patch(): void {
  const fs = process.getBuiltinModule('node:fs');
  if (isMarked(fs, 'writes')) return;
  const sync = fs as unknown as Functions;
  const promises = fs.promises as unknown as Functions;
  for (const [name, positions] of Object.entries(CHANGING)) {
    wrap(sync, name, positions);
    wrap(sync, `${name}Sync`, positions);
    wrap(promises, name, positions);
  }
  for (const [module, name] of [
    [sync, 'open'],
    [sync, 'openSync'],
    [promises, 'open'],
  ] as const) {
    wrap(module, name, [0], ([, flags]) => opensForWriting(flags));
  }
  wrap(sync, 'createWriteStream', [0]);
  process.getBuiltinModule('node:module').syncBuiltinESMExports();
}

function wrap(
  module: Functions,
  name: string,
  positions: readonly number[],
  changes: (args: readonly unknown[]) => boolean = () => true,
): void {
  const original = module[name];
  if (original === undefined) return;
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    if (changes(args)) for (const position of positions) tell(name.replace(/Sync$/, ''), args[position]);
    return Reflect.apply(original, this, args);
  };
  module[name] = Object.assign(wrapper, original);
}

function tell(operation: string, target: unknown): void {
  watchers.tell(() => {
    const file = pathOf(target);
    const real = file === '' ? '' : realPath(file, !ON_LINK.test(operation));
    const written = slashed(file);
    return { operation, path: written, ...(slashed(real) === written ? {} : { real: slashed(real) }) };
  });
}

/** A file that is open already has no path here: it was told when it was opened. */
function pathOf(target: unknown): string {
  const text =
    target instanceof URL ? fileURLToPath(target) : Buffer.isBuffer(target) ? target.toString() : target;
  return typeof text === 'string' ? path.resolve(text) : '';
}

/** Where a path leads through symbolic links, as far as it exists. */
function realPath(file: string, follow = true): string {
  try {
    if (follow) return process.getBuiltinModule('node:fs').realpathSync.native(file);
  } catch {
    // It does not exist yet, and its folder may.
  }
  const parent = path.dirname(file);
  return parent === file ? file : path.join(realPath(parent), path.basename(file));
}

function slashed(file: string): string {
  return file.split(path.sep).join('/');
}

function opensForWriting(flags: unknown): boolean {
  const { constants } = process.getBuiltinModule('node:fs');
  if (typeof flags === 'number') return (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
  return typeof flags === 'string' && /[wa+]/.test(flags);
}
