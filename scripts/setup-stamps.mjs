// What the set-up has done already: hashes of what went in, sizes of what came out.
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

const FORMAT = 1;
const file = (root) => path.join(root, '.constitution', 'setup.json');

/** The stamps of a project; none where the file is absent, torn or of another format. */
export function readStamps(root) {
  try {
    const stamps = JSON.parse(readFileSync(file(root), 'utf8'));
    return stamps?.format === FORMAT ? stamps : { format: FORMAT };
  } catch {
    return { format: FORMAT };
  }
}

/** Adds a stamp; the file holds the old text or the new one at any moment, whatever happens. */
export function writeStamp(root, name, value) {
  const target = file(root);
  mkdirSync(path.dirname(target), { recursive: true });
  const temporary = `${target}.${randomUUID()}`;
  const handle = openSync(temporary, 'wx');
  writeSync(handle, `${JSON.stringify({ ...readStamps(root), [name]: value }, null, 2)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, target);
}

/** Identifies the npm packages that package-lock.json asks for on this platform. */
export function packagesKey(root) {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  return sha256(`${process.platform}-${process.arch}\n${lock}`);
}

/**
 * Whether the npm packages are those of package-lock.json: by the stamp of an earlier set-up or, where there is none, by
 * the record that npm leaves in node_modules (somebody called `npm ci` by hand).
 */
export function packagesAreReady(root) {
  const stamp = readStamps(root).packages;
  if (stamp !== undefined) return stamp === packagesKey(root) && exists(path.join(root, 'node_modules'));
  const wanted = lockedPackages(path.join(root, 'package-lock.json'));
  const present = lockedPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null || present === null) return false;
  const same = Object.entries(wanted).every(([name, entry]) => {
    const found = present[name];
    // Packages for other platforms are left out by npm.
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
  return same && Object.keys(present).every((name) => name in wanted);
}

/** SHA-256 over everything the bundle is built from: paths and contents. */
export function buildKey(root) {
  const hash = createHash('sha256');
  const inputs = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsdown.config.ts',
    ...files(root, 'src'),
  ];
  for (const input of inputs) {
    if (/\.test\.ts$/.test(input)) continue;
    const content = readFileSync(path.join(root, input));
    hash.update(`${input}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Whether dist/ was built from the sources as they are, and is whole. */
export function buildIsReady(root) {
  const stamp = readStamps(root).build;
  if (stamp === undefined || stamp.key !== buildKey(root)) return false;
  return Object.entries(stamp.outputs).every(([name, size]) => sizeOf(path.join(root, name)) === size);
}

/** Records a build that has just ended well; `key` is from before it, so that an edit meanwhile is not missed. */
export function stampBuild(root, key) {
  const outputs = Object.fromEntries(
    files(root, 'dist').map((name) => [name, sizeOf(path.join(root, name))]),
  );
  writeStamp(root, 'build', { key, outputs });
}

function lockedPackages(lock) {
  try {
    const { '': _root, ...packages } = JSON.parse(readFileSync(lock, 'utf8')).packages;
    return packages;
  } catch {
    return null;
  }
}

/** Files under a folder, relative to the root, sorted. */
function files(root, folder) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path
        .relative(root, path.join(entry.parentPath ?? entry.path, entry.name))
        .split(path.sep)
        .join('/'),
    )
    .sort();
}

function sizeOf(name) {
  return statSync(name, { throwIfNoEntry: false })?.size;
}

function exists(name) {
  return sizeOf(name) !== undefined;
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
