// Node 20 cannot run TypeScript: a source module is bundled beside the packages it imports, loaded, and removed.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'tsdown';

/** The exports of a module of the sources, e.g. `src/vitest/published-schemas.ts`. */
export async function loadSource(root, file) {
  const cache = path.join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(path.join(cache, 'source-'));
  try {
    await build({
      cwd: root,
      config: false,
      entry: { entry: file },
      outDir,
      format: 'esm',
      platform: 'node',
      dts: false,
      logLevel: 'error',
    });
    const bundle = readdirSync(outDir).find((name) => /^entry\.m?js$/.test(name));
    return await import(pathToFileURL(path.join(outDir, bundle)).href);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
