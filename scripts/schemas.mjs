#!/usr/bin/env node
// Writes `schemas/<name>.schema.json` for every format listed in src/vitest/published-schemas.ts.
// `--check` writes nothing and fails when a file is stale, missing or no longer listed.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadSource } from './load-source.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'schemas');
const ENDING = '.schema.json';

/** The text of a schema file. */
function render({ name, schema, io = 'input' }) {
  const document = { $id: `${name}${ENDING}`, ...z.toJSONSchema(schema, { target: 'draft-2020-12', io }) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const { PUBLISHED_SCHEMAS } = await loadSource(root, 'src/vitest/published-schemas.ts');
const wanted = new Map(PUBLISHED_SCHEMAS.map((entry) => [`${entry.name}${ENDING}`, render(entry)]));
mkdirSync(folder, { recursive: true });
const present = readdirSync(folder).filter((file) => file.endsWith(ENDING));
const read = (file) => (present.includes(file) ? readFileSync(path.join(folder, file), 'utf8') : null);
const stale = [
  ...[...wanted].filter(([file, text]) => read(file) !== text).map(([file]) => file),
  ...present.filter((file) => !wanted.has(file)),
];

if (process.argv.includes('--check')) {
  for (const file of stale) console.error(`schemas/${file} is stale: run \`node scripts/schemas.mjs\``);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const file of stale) {
    if (wanted.has(file)) writeFileSync(path.join(folder, file), wanted.get(file));
    else rmSync(path.join(folder, file));
  }
}
