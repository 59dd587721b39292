import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { build } from 'tsdown';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { findInstaller } from './installer.ts';
import { lockHeader } from './lock-text.ts';
import { environmentPaths } from './paths.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
/** The repository: uv fetched for its own environments serves the tests too. */
export const repository = path.resolve(here, '../../..');

/** A project in a temporary folder whose environments hold nothing but a package `dspy` of a few lines. */
export interface StubProject {
  readonly root: string;
  /** Folder of the wheels. */
  readonly wheels: string;
  /** While this file exists, importing the package waits; `<hold>.reached` appears when it does. */
  readonly hold: string;
  /** The caller's variables: no index but the wheel folder, a uv cache of its own. */
  readonly caller: NodeJS.ProcessEnv;
  /** Writes the wheel and lock of a version, and declares its environment `stub-<version>`. */
  declare(version: string): Promise<EnvironmentDeclaration>;
  remove(): Promise<void>;
}

let tools: ReturnType<typeof findInstaller> | undefined;

/** Python and uv of this machine, found once a test file. */
export function machineTools(): ReturnType<typeof findInstaller> {
  tools ??= findInstaller({ root: repository, python: '>=3.10,<3.14', caller: process.env });
  return tools;
}

export async function makeStubProject(): Promise<StubProject> {
  const { interpreter, uv } = await machineTools();
  const root = await mkdtemp(path.join(tmpdir(), 'constitution-env-'));
  const wheels = path.join(root, 'wheels');
  const hold = path.join(root, 'hold');
  await mkdir(wheels);
  await mkdir(path.join(root, 'environments'));
  return {
    root,
    wheels,
    hold,
    caller: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CONSTITUTION_PYTHON: interpreter.executable,
      CONSTITUTION_UV: uv?.command ?? 'off',
      UV_CACHE_DIR: path.join(root, 'uv-cache'),
      PIP_CONFIG_FILE: '/dev/null',
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: wheels,
    },
    async declare(version) {
      const script = path.join(here, 'testdata', 'make_wheel.py');
      const { stdout: hash } = await execa(interpreter.executable, [script, wheels, version, hold]);
      const declaration = {
        name: `stub-${version}`,
        dspy: version,
        python: '>=3.10,<3.14',
        requirements: [],
        constraints: null,
      };
      const text = `${await lockHeader(root, declaration)}dspy==${version} \\\n    --hash=sha256:${hash}\n`;
      await writeFile(environmentPaths(root, declaration.name).lock, text);
      return declaration;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Bundles the process that syncs into `folder` and returns its file. */
export async function bundleSyncDriver(folder: string): Promise<string> {
  await build({
    config: false,
    cwd: repository,
    entry: { driver: path.join(here, 'testdata', 'sync-driver.ts') },
    outDir: folder,
    format: 'esm',
    platform: 'node',
    noExternal: [/.*/],
    dts: false,
    clean: false,
    logLevel: 'silent',
  });
  return path.join(folder, 'driver.mjs');
}
