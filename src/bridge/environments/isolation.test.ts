import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PythonEnvironment } from '../../core/environment.ts';
import { proveIsolation } from './isolation.ts';
import { locateEnvironment } from './locate.ts';
import { environmentPaths } from './paths.ts';
import { pythonProcessEnv } from './process-env.ts';
import { syncEnvironments } from './sync.ts';
import { makeStubProject, type StubProject } from './test-support.ts';

let project: StubProject;
let environments: PythonEnvironment[];

beforeAll(async () => {
  project = await makeStubProject();
  const declarations = [await project.declare('9.6.1'), await project.declare('9.6.2')];
  await syncEnvironments(project.root, declarations, { caller: project.caller });
  environments = await Promise.all(declarations.map((one) => locateEnvironment(project.root, one.name)));
});
afterAll(() => project.remove());

it('two versions at once, each with its own packages and cache', async () => {
  const proofs = await proveIsolation(environments);
  expect(proofs).toMatchObject([
    { environment: 'stub-9.6.1', dspy: '9.6.1', foreignPaths: [], userSite: false, ownCache: true, ok: true },
    { environment: 'stub-9.6.2', dspy: '9.6.2', foreignPaths: [], pythonPathIgnored: true, ok: true },
  ]);
});

it('sees a PYTHONPATH that gets through', async () => {
  const [first] = environments as [PythonEnvironment];
  const leaky: PythonEnvironment = {
    ...first,
    // Read when the process starts, while the decoy is planted.
    get processEnv() {
      return { ...first.processEnv, PYTHONPATH: process.env['PYTHONPATH'] ?? '' };
    },
  };
  const [proof] = await proveIsolation([leaky]);
  expect(proof).toMatchObject({ pythonPathIgnored: false, ok: false });
  expect(proof?.foreignPaths).toHaveLength(1);
  expect(process.env['PYTHONPATH'] ?? '').not.toContain('constitution-decoy');
});

it('sees a shared cache folder', async () => {
  const [first, second] = environments as [PythonEnvironment, PythonEnvironment];
  const sharing = { ...second, processEnv: first.processEnv };
  const proofs = await proveIsolation([first, sharing]);
  expect(proofs.map((proof) => proof.ownCache)).toEqual([true, false]);
});

it('sees a foreign folder on sys.path', async () => {
  const [first] = environments as [PythonEnvironment];
  await writeFile(path.join(first.sitePackages, 'foreign.pth'), `${project.wheels}\n`);
  const [proof] = await proveIsolation([first]);
  expect(proof).toMatchObject({ foreignPaths: [project.wheels], ok: false });
});

it('tells of an interpreter that cannot import DSPy', async () => {
  const [, second] = environments as [PythonEnvironment, PythonEnvironment];
  await writeFile(path.join(second.sitePackages, 'dspy', '__init__.py'), 'raise RuntimeError("broken")\n');
  await expect(proveIsolation([second])).rejects.toMatchObject({
    code: 'CX-ENV-DAMAGED',
    details: { stderr: expect.stringContaining('broken') },
  });
});

it('gives Python nothing of the caller beyond what it needs', () => {
  const paths = environmentPaths(project.root, 'stub-9.6.1');
  const caller = {
    PATH: '/bin',
    PYTHONPATH: '/decoy',
    PYTHONHOME: '/decoy',
    PYTHONDONTWRITEBYTECODE: '1',
    OPENAI_API_KEY: 'secret',
    HTTPS_PROXY: 'http://proxy.example',
    HOME: '/home/user',
  };
  const env = pythonProcessEnv(paths, caller);
  for (const name of ['PYTHONPATH', 'PYTHONHOME', 'PYTHONDONTWRITEBYTECODE', 'OPENAI_API_KEY', 'HTTPS_PROXY'])
    expect(env).not.toHaveProperty(name);
  expect(env).toMatchObject({ PATH: '/bin', PYTHONNOUSERSITE: '1', LITELLM_LOCAL_MODEL_COST_MAP: 'True' });
  for (const name of ['HOME', 'DSPY_CACHEDIR', 'PYTHONPYCACHEPREFIX'])
    expect(env[name]?.startsWith(paths.cache + path.sep)).toBe(true);
});
