import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { PythonEnvironment } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';

/** What one interpreter showed about its isolation, with every environment imported at the same time. */
export interface IsolationProof {
  readonly environment: string;
  readonly dspy: string;
  /** File that `import dspy` loaded. */
  readonly dspyFile: string;
  /** Entries of `sys.path` that are neither the environment's own packages nor the standard library. */
  readonly foreignPaths: readonly string[];
  readonly userSite: boolean;
  /** A decoy `dspy` on the caller's `PYTHONPATH` was not loaded. */
  readonly pythonPathIgnored: boolean;
  readonly cacheDir: string;
  /** DSPy's cache folder belongs to this environment and to no other of the proof. */
  readonly ownCache: boolean;
  readonly ok: boolean;
}

/** Prints what it imported, then stays alive until its stdin ends: the proof holds all processes together. */
const SHOW = `
import importlib.metadata, json, os, site, sys, sysconfig
import dspy
stdlib = [os.path.join(sysconfig.get_path("stdlib"), name) for name in ("", "lib-dynload")]
print(json.dumps({
    "path": sys.path, "stdlib": stdlib,
    "zip": "python%d%d.zip" % sys.version_info[:2],
    "userSite": bool(site.ENABLE_USER_SITE), "file": dspy.__file__,
    "version": importlib.metadata.version("dspy"), "cache": os.environ.get("DSPY_CACHEDIR", ""),
    "decoy": hasattr(dspy, "CONSTITUTION_DECOY"),
}), flush=True)
sys.stdin.read()
`;

interface Shown {
  path: string[];
  stdlib: string[];
  zip: string;
  userSite: boolean;
  file: string;
  version: string;
  cache: string;
  decoy: boolean;
}

/**
 * Starts the interpreters of all environments together, as runs are started, while `PYTHONPATH` of this process names a
 * decoy package called `dspy`, and checks what each of them sees.
 *
 * @throws ConstitutionError CX-ENV-DAMAGED where an interpreter does not start or cannot import DSPy.
 */
export async function proveIsolation(
  environments: readonly PythonEnvironment[],
  signal?: AbortSignal,
): Promise<IsolationProof[]> {
  const decoy = await mkdtemp(path.join(tmpdir(), 'constitution-decoy-'));
  await mkdir(path.join(decoy, 'dspy'));
  await writeFile(path.join(decoy, 'dspy', '__init__.py'), 'CONSTITUTION_DECOY = True\n');
  const before = process.env['PYTHONPATH'];
  process.env['PYTHONPATH'] = decoy;
  try {
    const running = environments.map((environment) => start(environment, signal));
    try {
      const shown = await Promise.all(running.map((one) => one.shown));
      return await Promise.all(
        environments.map((one, index) => judge(one, shown[index] as Shown, environments)),
      );
    } finally {
      for (const one of running) one.end();
      await Promise.all(running.map((one) => one.ended));
    }
  } finally {
    if (before === undefined) delete process.env['PYTHONPATH'];
    else process.env['PYTHONPATH'] = before;
    await rm(decoy, { recursive: true, force: true });
  }
}

function start(environment: PythonEnvironment, signal: AbortSignal | undefined) {
  const child = execa(environment.python, ['-c', SHOW], {
    env: environment.processEnv,
    extendEnv: false,
    reject: false,
    cwd: path.dirname(environment.cacheDir),
    stdin: 'pipe',
    buffer: { stdout: false },
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  const ended = child.then((result) => result);
  const shown = new Promise<Shown>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (text.startsWith('{')) resolve(JSON.parse(text) as Shown);
    });
    // After an answer this rejection comes too late to count.
    void ended.then(({ stderr }) =>
      reject(
        new ConstitutionError('CX-ENV-DAMAGED', `DSPy cannot be imported in ${environment.name}`, {
          hint: `Run "vitest-constitution env repair ${environment.name}".`,
          details: { stderr: String(stderr).slice(-4000) },
        }),
      ),
    );
  });
  return { shown, ended, end: () => child.stdin.end() };
}

async function judge(
  environment: PythonEnvironment,
  shown: Shown,
  all: readonly PythonEnvironment[],
): Promise<IsolationProof> {
  const own = await realpath(environment.sitePackages);
  const stdlib = await Promise.all(shown.stdlib.map((entry) => realpath(entry).catch(() => entry)));
  const foreignPaths: string[] = [];
  for (const entry of shown.path) {
    // The empty entry stands for the working folder, which is the environment's own cache folder here.
    if (entry === '' || path.basename(entry) === shown.zip) continue;
    const resolved = await realpath(entry).catch(() => entry);
    if (resolved !== own && !stdlib.includes(resolved)) foreignPaths.push(entry);
  }
  const file = await realpath(shown.file);
  const others = all.filter((other) => other !== environment).map((other) => other.cacheDir);
  const proof = {
    environment: environment.name,
    dspy: shown.version,
    dspyFile: shown.file,
    foreignPaths,
    userSite: shown.userSite,
    pythonPathIgnored: !shown.decoy && file.startsWith(own + path.sep),
    cacheDir: shown.cache,
    ownCache: shown.cache === environment.cacheDir && !others.includes(shown.cache),
  };
  const ok =
    proof.dspy === environment.dspy &&
    foreignPaths.length === 0 &&
    !proof.userSite &&
    proof.pythonPathIgnored &&
    proof.ownCache;
  return { ...proof, ok };
}
