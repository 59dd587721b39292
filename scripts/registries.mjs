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

/** A registry of the checks in a folder of `src/checks`. */
function registryOf(folder, constant, type, meaning) {
  return `import type { ${type} } from './check.ts';
${imports(folder, 'check')}

/** Every ${meaning}, by name. Written by \`scripts/registries.mjs\` from the folder \`${folder}/\`. */
export const ${constant}: Readonly<Record<string, ${type}>> = {
${entries(folder)}
};
`;
}

function probeRegistry() {
  return `import type { Probe, ProbeName } from './observations.ts';
${imports('probes', 'probe')}

/** Every probe, by name. Written by \`scripts/registries.mjs\` from the folder \`probes/\`. */
export const PROBES: { readonly [Name in ProbeName]: Probe<Name> } = {
${entries('probes')}
};
`;
}

const imports = (folder, what) =>
  names(`src/checks/${folder}`)
    .map((name) => `import { ${what} as ${camel(name)} } from './${folder}/${name}.ts';`)
    .join('\n');
const entries = (folder) =>
  names(`src/checks/${folder}`)
    .map((name) => (camel(name) === name ? `  ${name},` : `  ${key(name)}: ${camel(name)},`))
    .join('\n');

const registries = {
  'src/cli/registry.ts': `import type { Command } from './command.ts';

/** Every command and how to load it. Written by \`scripts/registries.mjs\` from the folder \`commands/\`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
${names('src/cli/commands')
  .map((name) => `  ${key(name)}: () => import('./commands/${name}.ts'),`)
  .join('\n')}
};
`,
  'src/checks/test-registry.ts': registryOf('test', 'TEST_CHECKS', 'TestCheck', 'check of single tests'),
  'src/checks/suite-registry.ts': registryOf('suite', 'SUITE_CHECKS', 'SuiteCheck', 'check of the whole run'),
  'src/checks/probe-registry.ts': probeRegistry(),
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
