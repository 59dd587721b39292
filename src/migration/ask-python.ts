import path from 'node:path';
import { type CommandOptions, runCommand } from '../bridge/environments/run-command.ts';
import { packageRoot } from '../config/package-root.ts';
import type { PythonEnvironment } from '../core/environment.ts';

/** Importing every module of the package takes 12 s on two cores. */
const TIMEOUT_MS = 180_000;

export interface AskOptions extends Pick<CommandOptions, 'failure'> {
  readonly signal: AbortSignal;
  /** For the whole answer; 180,000 by default. */
  readonly timeoutMs?: number;
}

/** The script that reads packages and programs. */
export function migrationScript(): string {
  return path.join(packageRoot(), 'python', 'constitution_migration', '__main__.py');
}

/**
 * Has the Python of an environment answer a request, in a process of its own.
 *
 * @returns what it wrote: JSON, or a line of it for each file.
 * @throws ConstitutionError as {@link runCommand}.
 */
export function askPython(
  { python, processEnv }: PythonEnvironment,
  request: { readonly do: 'api' | 'schemas' | 'components' | 'uses' } & Readonly<Record<string, unknown>>,
  { timeoutMs = TIMEOUT_MS, ...options }: AskOptions,
): Promise<string> {
  return runCommand(python, [migrationScript()], {
    ...options,
    timeoutMs,
    // What models cost is not asked for, and not fetched either.
    env: { ...processEnv, LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
    input: JSON.stringify(request),
  });
}
