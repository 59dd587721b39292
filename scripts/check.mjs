#!/usr/bin/env node
// `npm run check`: every static check of the repository, each with its own line; fails if one fails.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

const CHECKS = [
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['types', bin('tsc'), ['-p', '.']],
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
let failed = 0;
for (const [name, command, args] of CHECKS) {
  if (only.length > 0 && !only.includes(name)) continue;
  const started = performance.now();
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const passed = result.status === 0;
  if (!passed) failed++;
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (!passed)
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trimEnd());
}
console.log(failed === 0 ? 'All checks pass.' : `${failed} of ${CHECKS.length} checks fail.`);
process.exitCode = failed === 0 ? 0 : 1;
