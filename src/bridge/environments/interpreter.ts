import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { ConstitutionError } from '../../core/errors.ts';
import { satisfies } from '../../core/python-version.ts';

/** A Python that was executed and answered. */
export interface Interpreter {
  /** Absolute path of the interpreter itself, with shims and virtual environments resolved. */
  readonly executable: string;
  /** Full version, e.g. `3.11.7`. */
  readonly version: string;
  /** Values of the variables of environment markers (PEP 508). */
  readonly markers: Readonly<Record<string, string>>;
}

/** Versions that the project is tested on, most preferred first: the committed recordings were made on 3.11. */
const PREFERRED = ['3.11', '3.12', '3.10', '3.13'];
export const SUPPORTED_PYTHON = '>=3.10,<3.14';

/** Names the interpreter to use; nothing else is tried then. */
export const PYTHON_VARIABLE = 'CONSTITUTION_PYTHON';

const PROBE = `
import json, os, platform, sys
base = getattr(sys, "_base_executable", None) or sys.executable
info = sys.implementation.version
print(json.dumps({
    "executable": os.path.realpath(base) if os.path.exists(base) else sys.executable,
    "version": platform.python_version(),
    "markers": {
        "implementation_name": sys.implementation.name,
        "implementation_version": "%d.%d.%d" % info[:3],
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform,
    },
}))
`;

/**
 * Finds a Python whose version lies in `range` (and in {@link SUPPORTED_PYTHON}) by executing candidates: a shim
 * that exists may still answer with an error.
 *
 * @throws ConstitutionError CX-PYTHON-MISSING or CX-PYTHON-VERSION, with what was tried.
 */
export async function findPython(
  range: string,
  caller: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<Interpreter> {
  const named = caller[PYTHON_VARIABLE];
  const fits = (found: Interpreter) =>
    satisfies(found.version, range) && satisfies(found.version, SUPPORTED_PYTHON);
  if (named) {
    const found = await probePython(named, caller, signal);
    if (found === null) {
      throw new ConstitutionError(
        'CX-PYTHON-MISSING',
        `${PYTHON_VARIABLE} names ${named}, which does not run`,
        {
          hint: `Set ${PYTHON_VARIABLE} to a Python ${range}, or unset it to have one looked for.`,
        },
      );
    }
    if (!fits(found)) throw wrongVersion([found], range);
    return found;
  }

  const tooOther: Interpreter[] = [];
  for (const candidate of await candidates(caller)) {
    signal?.throwIfAborted();
    const found = await probePython(candidate, caller, signal);
    if (found === null) continue;
    if (fits(found)) return found;
    tooOther.push(found);
  }
  if (tooOther.length > 0) throw wrongVersion(tooOther, range);
  throw new ConstitutionError('CX-PYTHON-MISSING', 'no Python interpreter runs here', {
    hint: `Install a Python ${range}, or name one with ${PYTHON_VARIABLE}.`,
  });
}

/** Executes a candidate; null where it does not run, is a Python 2, or does not answer within 20 seconds. */
export async function probePython(
  candidate: string,
  caller: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<Interpreter | null> {
  const { PYTHONPATH: _path, PYTHONHOME: _home, PYTHONSTARTUP: _startup, ...env } = caller;
  const result = await execa(candidate, ['-I', '-c', PROBE], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (result.isCanceled) throw new ConstitutionError('CX-RUN-CANCELLED', 'looking for Python: cancelled');
  if (result.failed) return null;
  try {
    return JSON.parse(String(result.stdout)) as Interpreter;
  } catch {
    return null;
  }
}

/** Commands and files that may be a Python, most preferred version first, each once. */
async function candidates(caller: NodeJS.ProcessEnv): Promise<string[]> {
  const home = caller['HOME'] ?? '';
  const collections = [
    path.join(caller['PYENV_ROOT'] ?? path.join(home, '.pyenv'), 'versions'),
    caller['UV_PYTHON_INSTALL_DIR'] ?? path.join(home, '.local', 'share', 'uv', 'python'),
  ];
  const collected = (await Promise.all(collections.map(installed))).flat();
  const byVersion = PREFERRED.flatMap((version) => [
    `python${version}`,
    ...['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((bin) => path.join(bin, `python${version}`)),
    ...collected
      .filter((entry) => entry.name.includes(`${version}.`))
      .map((entry) => path.join(entry.folder, 'bin', 'python3')),
  ]);
  return [...new Set([...byVersion, 'python3', 'python', '/usr/bin/python3'])];
}

async function installed(folder: string): Promise<{ folder: string; name: string }[]> {
  // Most machines have neither pyenv nor uv's interpreters: no folder is no candidate.
  const names = await readdir(folder).catch(() => []);
  return names
    .sort()
    .reverse()
    .map((name) => ({ name, folder: path.join(folder, name) }));
}

function wrongVersion(found: readonly Interpreter[], range: string): ConstitutionError {
  const list = found.map((python) => `${python.version} (${python.executable})`);
  return new ConstitutionError(
    'CX-PYTHON-VERSION',
    `no Python ${range}; found ${[...new Set(list)].join(', ')}`,
    { hint: `Install a Python ${range}, or name one with ${PYTHON_VARIABLE}.`, details: { range } },
  );
}
