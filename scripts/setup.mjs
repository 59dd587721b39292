#!/usr/bin/env node
// Everything a clone needs before a command runs: npm packages, the bundle in dist/, the Python environments.
// Plain JavaScript without dependencies: it runs before there are any. What is done already is not done again.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { takeSetupLock } from './setup-lock.mjs';
import {
  buildIsReady,
  buildKey,
  packagesAreReady,
  packagesKey,
  readStamps,
  stampBuild,
  writeStamp,
} from './setup-stamps.mjs';

const OLDEST_NODE = [20, 19];
const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** A step that failed; its child has been heard. */
class SetupError extends Error {}

/** Does what is missing. Progress goes to stderr: stdout belongs to the command that follows. */
export async function setup(root = ROOT) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new SetupError(
      `Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}.`,
    );
  }
  if (!packagesAreReady(root) || !buildIsReady(root)) {
    const release = await takeSetupLock(root, () => console.error('set-up: waiting for another one'));
    try {
      await packages(root);
      await build(root);
    } finally {
      release();
    }
  } else if (readStamps(root).packages === undefined) writeStamp(root, 'packages', packagesKey(root));
  await environments(root);
}

async function packages(root) {
  if (!packagesAreReady(root)) {
    // npm removes node_modules first: until it has ended well, no stamp may say that they are there.
    writeStamp(root, 'packages', '');
    await step('npm packages', root, ...npm(['ci', '--include=dev', '--prefer-offline']));
  }
  writeStamp(root, 'packages', packagesKey(root));
}

/** @param types Whether the published type declarations are wanted as well; the repository works without. */
async function build(root, { types = false } = {}) {
  if (buildIsReady(root) && (!types || existsSync(path.join(root, 'dist', 'index.d.mts')))) return;
  const key = buildKey(root);
  const begin = Date.now();
  const tsdown = path.join(root, 'node_modules', 'tsdown', 'dist', 'run.mjs');
  await step('bundle', root, process.execPath, [tsdown], types ? {} : { CONSTITUTION_BUILD: 'repository' });
  // Chunks of earlier builds go afterwards: a command that is running may still load one until then.
  removeOlder(path.join(root, 'dist'), begin);
  stampBuild(root, key);
}

/**
 * Builds the package as it is published and packs it into a folder of its own.
 *
 * @returns the path of the tarball; the same contents give the same bytes
 */
export async function pack(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const release = await takeSetupLock(root);
  try {
    await build(root, { types: true });
    await step('tarball', root, ...npm(['pack', '--ignore-scripts', '--pack-destination', folder]));
  } finally {
    release();
  }
  return path.join(folder, readdirSync(folder)[0]);
}

function removeOlder(folder, time) {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    // Some file systems keep times to the second or two.
    if (statSync(file).mtimeMs < time - 2000) rmSync(file, { recursive: true });
  }
}

/** The command verifies the environments at every start, and says itself what it does. */
async function environments(root) {
  const code = await run(
    process.execPath,
    [path.join(root, 'dist', 'cli.mjs'), '--root', root, 'env', 'sync'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (code !== 0) throw new SetupError('The Python environments could not be made.');
}

/** Runs one step with a line before and after it; what its child prints is shown only where it fails. */
async function step(name, root, command, args, variables = {}) {
  const begin = performance.now();
  console.error(`set-up: ${name} ...`);
  const chunks = [];
  // `npm -s run setup` would silence the npm inside as well, its errors included.
  const env = { ...process.env, npm_config_loglevel: 'warn', ...variables };
  const code = await run(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }, chunks);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  if (code !== 0) {
    process.stderr.write(Buffer.concat(chunks));
    throw new SetupError(
      `${name} failed after ${seconds} s (${[path.basename(command), ...args].join(' ')})`,
    );
  }
  console.error(`set-up: ${name} done (${seconds} s)`);
}

function run(command, args, options, chunks = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** npm as it was called, where it called this script; else the one on the PATH. */
function npm(args) {
  const called = process.env.npm_execpath;
  if (called && /npm-cli\.[cm]?js$/.test(called)) return [process.execPath, [called, ...args]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

/** Prints why the set-up failed and returns the exit code for it. */
export function reportFailure(error) {
  console.error(
    `set-up: ${error instanceof SetupError || process.env.DEBUG === undefined ? error.message : error.stack}`,
  );
  return 3;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const begin = performance.now();
  try {
    await setup();
    console.error(`set-up: ready (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
}
