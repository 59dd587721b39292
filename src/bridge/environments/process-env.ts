import path from 'node:path';
import { dspyCacheFolder, type EnvironmentPaths } from './paths.ts';

/** Variables of the caller that a Python process may see: what locates programs, temporary files and libraries. */
const PASSED_TO_PYTHON = ['PATH', 'TMPDIR', 'LD_LIBRARY_PATH', 'SYSTEMROOT'];

/**
 * The whole process environment of an environment's interpreter. It starts from nothing, so that neither
 * `PYTHONPATH`, nor API keys, nor a proxy (which would swallow requests to the loopback gateway) reach a run.
 */
export function pythonProcessEnv(
  paths: EnvironmentPaths,
  caller: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const home = path.join(paths.cache, 'home');
  return {
    ...pick(caller, PASSED_TO_PYTHON),
    HOME: home,
    USERPROFILE: home,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    NO_PROXY: '*',
    PYTHONNOUSERSITE: '1',
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
    // The order of a set of strings may reach a prompt, and prompts are the keys of recordings.
    PYTHONHASHSEED: '0',
    // Also keeps `__pycache__` out of the user's sources and of the verified files of the environment.
    PYTHONPYCACHEPREFIX: path.join(paths.cache, 'pycache'),
    DSPY_CACHEDIR: dspyCacheFolder(paths),
    // Otherwise importing litellm fetches its price list from the network.
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    // Thread pools started at import do not survive the fork of a worker, and they crowd two cores.
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    TOKENIZERS_PARALLELISM: 'false',
  };
}

/**
 * The process environment of uv and pip: the caller's (proxies, certificates, indexes and wheel folders included)
 * without what would let another Python or virtual environment leak in.
 */
export function installerProcessEnv(caller: NodeJS.ProcessEnv): Record<string, string> {
  const dropped =
    /^(PYTHON(?!_KEYRING).*|VIRTUAL_ENV|CONDA_PREFIX|PIP_(TARGET|PREFIX|USER|REQUIREMENT|CONSTRAINT|PYTHON)|UV_(CONSTRAINT|OVERRIDE|REQUIRE_HASHES|NO_VERIFY_HASHES|PROJECT|PYTHON|SYSTEM_PYTHON|WORKING_DIR|COMPILE_BYTECODE|EXCLUDE_NEWER|PRERELEASE|RESOLUTION|LINK_MODE))$/;
  const kept = Object.entries(caller).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !dropped.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    UV_PYTHON_DOWNLOADS: 'never',
    // A hard link into uv's cache would let a change in the environment damage every later environment.
    UV_LINK_MODE: 'copy',
    UV_NO_PROGRESS: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
  };
}

function pick(from: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
