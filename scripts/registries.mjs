#!/usr/bin/env node
// Writes the registries that are folders: one entry per command file and one per check file.
// `--check` writes nothing and fails when a registry is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Names of the source files of a folder, without ending, sorted. */
function names(folder) {
  return readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

const key = (name) => (/^[a-z]+$/.test(name) ? name : `'${name}'`);
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

const registries = {
  'src/cli/registry.ts': `import type { Command } from './command.ts';

/** Every command and how to load it. Written by \`scripts/registries.mjs\` from the folder \`commands/\`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
${names('src/cli/commands')
  .map((name) => `  ${key(name)}: () => import('./commands/${name}.ts'),`)
  .join('\n')}
};
`,
  'src/checks/registry.ts': `${names('src/checks/builtin')
    .map((name) => `import { check as ${camel(name)} } from './builtin/${name}.ts';`)
    .join('\n')}
import type { Check } from './check.ts';

/** Every built-in check by name. Written by \`scripts/registries.mjs\` from the folder \`builtin/\`. */
export const CHECKS: Readonly<Record<string, Check>> = {
${names('src/checks/builtin')
  .map((name) => (camel(name) === name ? `  ${name},` : `  ${key(name)}: ${camel(name)},`))
  .join('\n')}
};
`,
};

let stale = 0;
for (const [file, content] of Object.entries(registries)) {
  const target = path.join(root, file);
  let current = '';
  try {
    current = readFileSync(target, 'utf8');
  } catch {
    // Not written yet: stale by definition.
  }
  if (current === content) continue;
  stale++;
  if (process.argv.includes('--check'))
    console.error(`${file} is stale: run \`node scripts/registries.mjs\``);
  else writeFileSync(target, content);
}
if (process.argv.includes('--check') && stale > 0) process.exitCode = 1;
