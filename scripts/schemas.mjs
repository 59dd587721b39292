#!/usr/bin/env node
// Writes `schemas/<name>.schema.json` for every format listed in src/vitest/published-schemas.ts.
// `--check` writes nothing and fails when a file is stale, missing or no longer listed.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsdown';
import { z } from 'zod';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'schemas');
const ENDING = '.schema.json';

/** Node 20 cannot run TypeScript: the list is bundled, beside the packages it imports, loaded and removed. */
async function loadSchemas() {
  const cache = path.join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(path.join(cache, 'schemas-'));
  try {
    await build({
      cwd: root,
      config: false,
      entry: { schemas: 'src/vitest/published-schemas.ts' },
      outDir,
      format: 'esm',
      platform: 'node',
      dts: false,
      logLevel: 'error',
    });
    const bundle = readdirSync(outDir).find((file) => /^schemas\.m?js$/.test(file));
    return (await import(pathToFileURL(path.join(outDir, bundle)).href)).PUBLISHED_SCHEMAS;
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** The text of a schema file. */
function render({ name, schema, io = 'input' }) {
  const document = { $id: `${name}${ENDING}`, ...z.toJSONSchema(schema, { target: 'draft-2020-12', io }) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const wanted = new Map((await loadSchemas()).map((entry) => [`${entry.name}${ENDING}`, render(entry)]));
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
