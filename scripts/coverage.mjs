#!/usr/bin/env node
// `npm run coverage [vitest's arguments]`: the tests with line coverage, what they start counted as well. vitest measures
// its own workers; every Node process below them writes what it ran (record-coverage.mjs), and both are put together.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import coverage from 'istanbul-lib-coverage';
import report from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import { convertScript, mergeScripts } from './convert-coverage.mjs';
import { reportFailure, setup } from './setup.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'coverage');
const children = path.join(folder, 'children');

try {
  await setup(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(children, { recursive: true });
  process.exitCode = await runTests();
  const map = coverage.createCoverageMap(readJson(path.join(folder, 'own', 'coverage-final.json')));
  const alone = map.getCoverageSummary().lines;
  for (const script of mergeScripts(readRecords())) addHits(map, await convertScript(script));
  const context = report.createContext({ dir: folder, coverageMap: map });
  for (const name of ['text', 'json-summary', 'lcovonly']) reports.create(name).execute(context);
  const { lines } = map.getCoverageSummary();
  console.log(`Lines: ${lines.pct} % (${lines.covered} of ${lines.total})`);
  console.log(`       ${alone.pct} % without the processes that tests start`);
} catch (error) {
  process.exitCode = reportFailure(error);
}

/** Runs vitest over the repository; failing tests are reported by the exit code and do not keep the figure back. */
function runTests() {
  const args = [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--coverage',
    '--coverage.reporter=json',
    '--coverage.reportsDirectory=coverage/own',
    '--coverage.reportOnFailure',
    ...process.argv.slice(2),
  ];
  const env = { ...process.env, CONSTITUTION_COVERAGE: children };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What the processes wrote: of each script the name of its code, read when it is converted, and how often what ran. */
function* readRecords() {
  for (const name of readdirSync(children)) {
    if (!name.endsWith('.json')) continue;
    let scripts = [];
    try {
      scripts = readJson(path.join(children, name));
    } catch {
      // A process that was killed while it wrote.
    }
    for (const script of scripts) yield { ...script, code: path.join(children, script.code) };
  }
}

/**
 * Counts what a child ran for the statements, functions and branches that vitest knows. A bundle has other places for the
 * same statement now and then: a statement also counts where one on the same line ran.
 */
function addHits(map, converted) {
  for (const [file, child] of Object.entries(converted)) {
    if (!map.data[file]) continue;
    const own = map.fileCoverageFor(file).data;
    const lines = coverage.createFileCoverage(child).getLineCoverage();
    for (const [id, { start }] of Object.entries(own.statementMap)) own.s[id] += lines[start.line] ?? 0;
    const functions = new Map(Object.entries(child.fnMap).map(([id, { decl }]) => [at(decl), child.f[id]]));
    for (const [id, { decl }] of Object.entries(own.fnMap)) own.f[id] += functions.get(at(decl)) ?? 0;
    const branches = new Map(Object.entries(child.branchMap).map(([id, { loc }]) => [at(loc), child.b[id]]));
    for (const [id, { loc }] of Object.entries(own.branchMap)) {
      const hits = branches.get(at(loc));
      if (hits?.length === own.b[id].length) own.b[id] = own.b[id].map((count, arm) => count + hits[arm]);
    }
  }
}

function at({ start, end }) {
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}
