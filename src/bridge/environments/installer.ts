import { findPython, type Interpreter } from './interpreter.ts';
import { withPipSettings } from './pip-settings.ts';
import { findUv, type Uv } from './uv.ts';

/** What environments are made with. */
export interface Installer {
  readonly interpreter: Interpreter;
  /** Null where venv and pip do the work. */
  readonly uv: Uv | null;
  /** Process environment of uv and pip. */
  readonly env: Readonly<Record<string, string>>;
}

export interface InstallerOptions {
  readonly root: string;
  /** Accepted Python versions. */
  readonly python: string;
  readonly caller: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly onFetch?: (how: string) => void;
}

/**
 * Finds a Python and uv.
 *
 * @throws ConstitutionError CX-PYTHON-MISSING, CX-PYTHON-VERSION, CX-ENV-INSTALL
 */
export async function findInstaller(options: InstallerOptions): Promise<Installer> {
  const { root, signal } = options;
  const interpreter = await findPython(options.python, options.caller, signal);
  const env = await withPipSettings(interpreter.executable, options.caller, signal);
  const onFetch = options.onFetch === undefined ? {} : { onFetch: options.onFetch };
  const uv = await findUv({ root, python: interpreter.executable, env, signal, ...onFetch });
  return { interpreter, uv, env };
}
