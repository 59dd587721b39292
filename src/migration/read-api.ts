import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { locateEnvironment } from '../bridge/environments/index.ts';
import { loadEnvironments } from '../config/environments.ts';
import type { PackageApi } from '../core/api.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { ConstitutionError } from '../core/errors.ts';
import { sha256 } from '../core/json.ts';
import { didYouMean } from '../core/nearest.ts';
import { kept } from '../io/kept.ts';
import { askPython, migrationScript } from './ask-python.ts';

/** The one package whose versions are compared. */
export const PACKAGE = 'dspy';

const parameters = z
  .array(
    z.object({
      name: z.string(),
      kind: z.enum(['positional', 'any', 'keyword', '*', '**']),
      default: z.string().nullable(),
    }),
  )
  .nullable();
const deprecated = z.string().nullable();
const apiSchema = z.object({
  package: z.string(),
  version: z.string(),
  names: z.record(
    z.string(),
    z.object({
      kind: z.enum(['module', 'class', 'function', 'value']),
      of: z.string(),
      parameters,
      deprecated,
      members: z.record(
        z.string(),
        z.object({ kind: z.enum(['method', 'property', 'value']), of: z.string(), parameters, deprecated }),
      ),
    }),
  ),
  closed: z.record(z.string(), z.string()),
  settings: z.record(z.string(), z.string()),
});

/**
 * The environment of a version of DSPy, by the version or by its name.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE where none is declared, CX-ENV-* where it is not ready.
 */
export async function environmentOf(root: string, version: string): Promise<PythonEnvironment> {
  const declared = await loadEnvironments(root);
  const found = declared.find(({ name, dspy }) => name === version || dspy === version);
  if (found !== undefined) return locateEnvironment(root, found.name);
  const known = declared.map(({ dspy }) => dspy);
  throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no environment with dspy ${version}`, {
    hint: `${didYouMean(version, known)} \`env add dspy==${version}\` makes one.`,
  });
}

/**
 * What the package of an environment offers. It is asked once: the answer is kept under `.constitution/`, by the lock of the
 * environment and the script that asks.
 *
 * @throws ConstitutionError CX-MIGRATION-API where the package cannot be imported, CX-RUN-CANCELLED.
 */
export async function readApi(
  root: string,
  environment: PythonEnvironment,
  signal: AbortSignal,
): Promise<PackageApi> {
  const folder = path.dirname(migrationScript());
  const sources = await Promise.all(
    ['__main__.py', 'api.py'].map((file) => readFile(path.join(folder, file), 'utf8')),
  );
  const key = sha256([environment.lockSha256, environment.pythonVersion, ...sources].join('\n'));
  const file = path.join(root, '.constitution', 'api', `${environment.name}.json`);
  return kept(file, key, async () => {
    const message = `what ${PACKAGE} of ${environment.name} offers cannot be read`;
    const failure = { code: 'CX-MIGRATION-API', message } as const;
    const text = await askPython(environment, { do: 'api', package: PACKAGE }, { signal, failure });
    return apiSchema.parse(JSON.parse(text)) satisfies PackageApi;
  });
}
