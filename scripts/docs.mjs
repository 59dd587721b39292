#!/usr/bin/env node
// Writes the pages of the documentation that are made from the code: src/vitest/published-docs.ts.
// `--check` writes nothing and fails when a page is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSource } from './load-source.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { PUBLISHED_DOCS } = await loadSource(root, 'src/vitest/published-docs.ts');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null);

for (const [file, text] of Object.entries(PUBLISHED_DOCS)) {
  const target = path.join(root, file);
  if (read(target) === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file} is stale: run \`node scripts/docs.mjs\``);
    process.exitCode = 1;
  } else {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
