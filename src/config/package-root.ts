import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConstitutionError } from '../core/errors.ts';

/** Absolute folder of this package, whether it runs from its sources or from its bundle. */
export function packageRoot(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'vitest-constitution')
      return folder;
    if (path.dirname(folder) === folder) {
      throw new ConstitutionError(
        'CX-INTERNAL',
        'the package vitest-constitution lies outside of its own folder',
      );
    }
  }
}

/** The version of this package. */
export function packageVersion(): string {
  const manifest = path.join(packageRoot(), 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
