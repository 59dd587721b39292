#!/usr/bin/env node
// `lint-python.mjs <folder ...>`: ruff over the Python files of some folders, as SARIF 2.1.0 on standard output.
// Ruff's own WebAssembly build from npm: the set-up needs no further Python package for it. Exit code 1 where it finds something.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ruff from '@astral-sh/ruff-wasm-nodejs';
import glob from 'fast-glob';

const { PositionEncoding, Workspace } = ruff;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Lines are wrapped by hand at 120 or so; `select` are the families of rules that hold of real mistakes, imports and old syntax. */
const SETTINGS = {
  'line-length': 130,
  'target-version': 'py310',
  lint: {
    select: ['E', 'W', 'F', 'I', 'B', 'UP', 'C4', 'PIE', 'RET', 'SIM'],
    // Signatures of DSPy 2.6.27 are read from annotations at run time, where `X | None` is another type than Optional[X].
    ignore: ['UP007', 'UP045'],
    isort: { 'known-first-party': ['constitution_*', 'reference', 'reference_system'] },
  },
};

const workspace = new Workspace(SETTINGS, PositionEncoding.Utf16);
const folders = process.argv.slice(2);
const files = await glob(
  folders.map((folder) => `${folder}/**/*.py`),
  { cwd: root, ignore: ['**/__pycache__/**'] },
);
const results = files.sort().flatMap((file) =>
  workspace
    .check(readFileSync(path.join(root, file), 'utf8'))
    .map(({ code, message, start_location: start }) => ({
      ruleId: code ?? 'invalid-syntax',
      level: 'warning',
      message: { text: message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(file) },
            region: { startLine: start.row, startColumn: start.column },
          },
        },
      ],
    })),
);
const tool = {
  driver: { name: 'ruff', version: Workspace.version(), informationUri: 'https://docs.astral.sh/ruff' },
};
console.log(JSON.stringify({ version: '2.1.0', runs: [{ tool, results }] }));
process.exitCode = results.length === 0 ? 0 : 1;
