import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { findInstaller } from './installer.ts';
import { lockHeader } from './lock-text.ts';
import { environmentPaths } from './paths.ts';
import { forResolving, uvOptions } from './pip-settings.ts';
import { runCommand } from './run-command.ts';
import type { SyncOptions } from './sync.ts';

/**
 * Resolves the requirements of a declaration and writes `environments/<name>.lock`: one file for every platform and
 * supported Python, each package with the hashes of its files, and no address of an index or wheel folder.
 *
 * @throws ConstitutionError CX-ENV-LOCK with uv's explanation, or where uv cannot be had.
 */
export async function resolveLock(
  root: string,
  declaration: EnvironmentDeclaration,
  options: SyncOptions = {},
): Promise<void> {
  const note = (message: string) => options.onProgress?.({ environment: declaration.name, message });
  const { interpreter, uv, env } = await findInstaller({
    root,
    python: declaration.python,
    caller: options.caller ?? process.env,
    signal: options.signal,
    onFetch: note,
  });
  if (uv === null) {
    throw new ConstitutionError('CX-ENV-LOCK', 'a lock can be written by uv only, and uv cannot be had', {
      hint: 'Install uv, or name it with CONSTITUTION_UV.',
    });
  }
  note(`resolving with uv ${uv.version}`);
  const header = await lockHeader(root, declaration);
  const folder = await mkdtemp(path.join(tmpdir(), 'constitution-lock-'));
  try {
    const input = path.join(folder, 'requirements.in');
    await writeFile(input, `${[`dspy==${declaration.dspy}`, ...declaration.requirements].join('\n')}\n`);
    const constraints =
      declaration.constraints === null ? [] : ['--constraint', path.join(root, declaration.constraints)];
    const pins = await runCommand(
      uv.command,
      ['pip', 'compile', '--quiet', '--universal', '--generate-hashes', '--no-header', '--no-annotate']
        .concat(['--no-emit-index-url', '--python', interpreter.executable])
        .concat([
          '--python-version',
          oldestPython(declaration.python),
          ...uvOptions(env),
          ...constraints,
          input,
        ]),
      {
        env: forResolving(env),
        signal: options.signal,
        // Resolved away from the project: its own uv settings say nothing about this environment.
        cwd: folder,
        failure: {
          code: 'CX-ENV-LOCK',
          message: `the requirements of ${declaration.name} cannot be resolved`,
          hint: `See the output of uv above, and correct environments/${declaration.name}.yaml.`,
        },
      },
    );
    await writeAtomically(environmentPaths(root, declaration.name).lock, `${header}${pins.trimEnd()}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The oldest version that a range admits, at least the oldest that is supported. */
function oldestPython(range: string): string {
  return />=\s*(\d+\.\d+)/.exec(range)?.[1] ?? /==\s*(\d+\.\d+)/.exec(range)?.[1] ?? '3.10';
}
