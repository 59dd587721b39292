import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Manifest } from './manifest.ts';

/**
 * Files of installed packages that are not what the package's RECORD says (missing, or another SHA-256): a damaged
 * cache of the installer shows here, which checks the hashes of what it downloads, not of what it unpacked before.
 *
 * @param folder the environment, and `manifest` what is in it
 */
export function recordDifferences(folder: string, sitePackages: string, manifest: Manifest): string[] {
  const digests = new Map<string, string>();
  for (const [sub, files] of Object.entries(manifest))
    for (const [name, , , digest] of files) digests.set(path.posix.join(sub, name), digest);
  const differences: string[] = [];
  for (const entry of readdirSync(sitePackages)) {
    if (!entry.endsWith('.dist-info')) continue;
    for (const line of readFileSync(path.join(sitePackages, entry, 'RECORD'), 'utf8').split('\n')) {
      const match = /^(.*),sha256=([A-Za-z0-9_-]+),\d*\r?$/.exec(line);
      // Scripts get the path of their interpreter when they are installed, and RECORD itself has no hash.
      if (match === null || /^\.\.|__pycache__\//.test(match[1] as string)) continue;
      const name = unquote(match[1] as string);
      const relative = path.relative(folder, path.join(sitePackages, name)).split(path.sep).join('/');
      const expected = Buffer.from(match[2] as string, 'base64url').toString('hex');
      if (digests.get(relative) !== expected) differences.push(relative);
    }
  }
  return differences;
}

/** A field of CSV. */
function unquote(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}
