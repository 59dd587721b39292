import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { FOLDERS, NEWER_NODE, nodeFor, REPOSITORY, VERSIONS, type Version } from './versions.ts';

/** Once before all tests: packs the plugin, and installs it beside every version that does not have it yet. */
export default async function install(): Promise<void> {
  const packed = await packPlugin();
  const contents = createHash('sha256')
    .update(await readFile(packed))
    .digest('hex');
  // npm takes a tarball for one that it has installed already where path and version are the same.
  const tarball = path.join(FOLDERS.package, `${contents.slice(0, 16)}.tgz`);
  await rename(packed, tarball);
  if (VERSIONS.some((version) => nodeFor(version) !== process.execPath)) {
    await npmInstall(FOLDERS.node, { dependencies: { node: NEWER_NODE } }, NEWER_NODE);
  }
  await Promise.all(
    VERSIONS.map((version) => npmInstall(FOLDERS.installed(version), manifestOf(version, tarball), contents)),
  );
}

async function packPlugin(): Promise<string> {
  const { stdout } = await execa(
    process.execPath,
    [path.join(REPOSITORY, 'scripts', 'pack.mjs'), FOLDERS.package],
    { stderr: 'inherit' },
  );
  return stdout;
}

function manifestOf({ vitest, vite }: Version, tarball: string): object {
  return { dependencies: { vitest, vite, 'vitest-constitution': `file:${tarball}` } };
}

/** Installs a manifest; nothing is done, and no network is asked, where just this was installed before. */
async function npmInstall(folder: string, manifest: object, contents: string): Promise<void> {
  const text = JSON.stringify({ private: true, type: 'module', ...manifest }, null, 2);
  const stamp = path.join(folder, 'installed.txt');
  const wanted = `${contents}\n${text}`;
  if ((await readFile(stamp, 'utf8').catch(() => null)) === wanted) return;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), text);
  // Without a lock: the exact versions that matter are in the manifest, and npm has to agree with our peer range.
  const flags = [
    '--prefer-offline',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts=false',
  ];
  await execa('npm', ['install', ...flags], { cwd: folder, stdin: 'ignore' });
  await writeFile(stamp, wanted);
}
