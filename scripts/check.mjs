#!/usr/bin/env node
// `npm run check`: every static check of the repository, as many at a time as there are cores, each with its own line;
// fails if one fails.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

const CHECKS = [
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['types', bin('tsc'), ['-p', '.', '--incremental', '--tsBuildInfoFile', '.constitution/types.tsbuildinfo']],
  ['rooms and cycles', bin('depcruise'), ['src', '--config', '.dependency-cruiser.cjs']],
  ['registries', process.execPath, ['scripts/registries.mjs', '--check']],
  ['schemas', process.execPath, ['scripts/schemas.mjs', '--check']],
  ['docs', process.execPath, ['scripts/docs.mjs', '--check']],
  ['npm lock', process.execPath, ['scripts/complete-lock.mjs', '--check']],
  ['dead exports', bin('knip'), ['--no-progress']],
  ['duplicates', bin('jscpd'), ['src', 'python', 'fixtures', 'scripts']],
  ['known lint', process.execPath, ['scripts/run.mjs', 'lint', '--quiet']],
  ['markdown', bin('markdownlint-cli2'), []],
];

const only = process.argv.slice(2);
const waiting = CHECKS.filter(([name]) => only.length === 0 || only.includes(name));
const count = waiting.length;
// What takes longest begins first; a line comes when its check has ended.
const LONGEST = ['types', 'duplicates', 'known lint'];
waiting.sort(([a], [b]) => rank(a) - rank(b));
let failed = 0;
await Promise.all(Array.from({ length: Math.min(count, os.availableParallelism()) }, work));
console.log(failed === 0 ? 'All checks pass.' : `${failed} of ${count} checks fail.`);
process.exitCode = failed === 0 ? 0 : 1;

function rank(name) {
  const at = LONGEST.indexOf(name);
  return at < 0 ? LONGEST.length : at;
}

async function work() {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const [name, command, args] = check;
    const started = performance.now();
    const { passed, output } = await run(command, args);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (!passed) failed++;
    console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
    if (!passed) console.log(output.trimEnd());
  }
}

/** Standard output first, then standard error: two pipes keep no common order. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, errors] = [[], []];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.on('error', (error) => resolve({ passed: false, output: error.message }));
    child.on('close', (code) =>
      resolve({ passed: code === 0, output: Buffer.concat([...out, ...errors]).toString() }),
    );
  });
}
