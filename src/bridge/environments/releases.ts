import { ConstitutionError } from '../../core/errors.ts';
import { compareVersions } from '../../core/python-version.ts';
import { findPython, SUPPORTED_PYTHON } from './interpreter.ts';
import { withPipSettings } from './pip-settings.ts';
import { runCommand } from './run-command.ts';
import type { SyncOptions } from './sync.ts';

const RELEASE = /^\d+(\.\d+){0,3}(\.post\d+)?$/;

/**
 * The released versions of a package that this machine's package index offers, oldest first; no pre-releases. pip asks, so
 * that its settings hold.
 *
 * @throws ConstitutionError CX-ENV-INSTALL where there is no pip, no index or no such package; CX-PYTHON-*.
 */
export async function releasedVersions(
  name: string,
  { signal, caller = process.env }: SyncOptions = {},
): Promise<string[]> {
  const { executable } = await findPython(SUPPORTED_PYTHON, caller, signal);
  const text = await runCommand(
    executable,
    ['-I', '-m', 'pip', 'index', 'versions', name, '--disable-pip-version-check'],
    {
      env: await withPipSettings(executable, caller, signal),
      signal,
      timeoutMs: 60_000,
      failure: {
        code: 'CX-ENV-INSTALL',
        message: `the package index does not tell the versions of ${name}`,
        hint: 'Name them with --versions, in order and separated by commas.',
      },
    },
  );
  return releasesIn(text);
}

/** Versions in what `pip index versions` prints, oldest first. @throws ConstitutionError CX-ENV-INSTALL where it has none. */
export function releasesIn(text: string): string[] {
  const listed =
    /^Available versions:(.*)$/m
      .exec(text)?.[1]
      ?.split(',')
      .map((version) => version.trim()) ?? [];
  // Newest first; the comparison takes 2.9.0 and 2.9.0.post1 for equal and leaves them in their order.
  const released = listed
    .reverse()
    .filter((version) => RELEASE.test(version))
    .sort(compareVersions);
  if (released.length > 0) return released;
  throw new ConstitutionError('CX-ENV-INSTALL', 'pip lists no released versions', {
    hint: 'Name them with --versions, in order and separated by commas.',
    details: { stdout: text.slice(0, 500) },
  });
}
