#!/usr/bin/env node
// `pack.mjs <folder>`: builds and packs the package as it is published, and prints the path of the tarball.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack, reportFailure } from './setup.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
try {
  console.log(await pack(root, path.resolve(process.argv[2])));
} catch (error) {
  process.exitCode = reportFailure(error);
}
