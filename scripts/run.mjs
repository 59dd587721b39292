#!/usr/bin/env node
// `run.mjs <command> [args]`: the set-up, then the command of vitest-constitution, or `vitest ...`, or `node ...`.
// `--no-setup` or CONSTITUTION_SKIP_SETUP=1 leaves the set-up out.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportFailure, setup } from './setup.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);
const [command, ...args] = given.filter((argument) => argument !== '--no-setup');
const skipped = given.includes('--no-setup') || process.env.CONSTITUTION_SKIP_SETUP === '1';

/** What follows `node` on the command line. */
function program() {
  if (command === 'node') return args;
  if (command === 'vitest') return [path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args];
  return [path.join(root, 'dist', 'cli.mjs'), ...(command === undefined ? ['--help'] : [command, ...args])];
}

try {
  if (!skipped) await setup(root);
} catch (error) {
  process.exit(reportFailure(error));
}

const child = spawn(process.execPath, program(), { stdio: 'inherit' });
// A terminal sends Ctrl-C to the child as well; a second one would make vitest drop everything.
const forward = (signal) => {
  if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
};
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of SIGNALS) process.on(signal, forward);
child.on('error', (error) => process.exit(reportFailure(error)));
child.on('close', (code, signal) => {
  for (const one of SIGNALS) process.off(one, forward);
  // Ending as the child did tells a shell that the command was interrupted.
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
});
