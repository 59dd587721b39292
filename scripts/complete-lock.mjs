#!/usr/bin/env node
// Adds to package-lock.json the platform packages that the registry at hand could not tell about. npm leaves an
// optional dependency out of the lock when it cannot be fetched, and `npm ci` then calls the lock out of sync.
// A package for another platform is never installed here, so name, version and platform are all that is needed.
// `--check` writes nothing and fails when an entry is missing.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

const SYSTEMS = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  netbsd: 'netbsd',
  aix: 'aix',
  win32: 'win32',
  windows: 'win32',
};
const PROCESSORS = {
  arm64: 'arm64',
  arm: 'arm',
  x64: 'x64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
};

/** The platform in a package's name, e.g. `@rollup/rollup-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.map((word) => SYSTEMS[word]).find(Boolean);
  const cpu = words.map((word) => PROCESSORS[word]).find(Boolean);
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(os ? { os: [os] } : {}) };
}

const missing = {};
for (const [place, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  if (place === '') continue;
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const present =
      `node_modules/${name}` in lock.packages || `${place}/node_modules/${name}` in lock.packages;
    if (present || !/^\d/.test(version)) continue;
    missing[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev ? { dev: true } : {}),
      optional: true,
    };
  }
}

const names = Object.keys(missing);
if (process.argv.includes('--check')) {
  for (const name of names)
    console.error(`package-lock.json lacks ${name}: run \`node scripts/complete-lock.mjs\``);
  if (names.length > 0) process.exitCode = 1;
} else if (names.length > 0) {
  const [root, ...rest] = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  writeFileSync(
    file,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries([root, ...rest]) }, null, 2)}\n`,
  );
  console.log(`package-lock.json: ${names.length} platform packages added`);
}
