import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ENVIRONMENT_NAME, type EnvironmentDeclaration, EXACT_VERSION } from '../core/environment.ts';
import { ConstitutionError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { VERSION_RANGE } from '../core/python-version.ts';
import { loadYaml } from './load-yaml.ts';

const ENDING = '.yaml';

/** `environments/<name>.yaml`: a Python environment in which pipelines run. */
export const environmentSchema = z.strictObject({
  dspy: z
    .string({ error: 'must be an exact version in quotes or with three parts, such as 3.0.1' })
    .regex(EXACT_VERSION, 'must be an exact version, such as 3.0.1')
    .describe('Exact DSPy version.'),
  python: z
    .string()
    .regex(VERSION_RANGE, 'must be comparisons joined by commas, such as ">=3.10,<3.14"')
    .default('>=3.10,<3.14')
    .describe('Accepted Python versions.'),
  requirements: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        // A line that starts with a dash would be an option of the installer, not a requirement.
        .regex(/^[A-Za-z0-9]/, 'must start with the name of a package')
        .regex(/^[^\n@]*$/, 'must be a name and version, not an address'),
    )
    .default([])
    .describe('Requirements beyond DSPy, such as "mlflow==3.17.2".'),
  constraints: z
    .string()
    .trim()
    .min(1)
    .optional()
    .describe('Constraints file, relative to the project, that the lock obeys.'),
});

/**
 * Loads every `environments/*.yaml` of a project, sorted by name; a project without the folder has none.
 *
 * @throws ConstitutionError CX-CONFIG-SYNTAX or CX-CONFIG-INVALID with file, line and column.
 */
export async function loadEnvironments(root: string): Promise<EnvironmentDeclaration[]> {
  const folder = path.join(root, 'environments');
  const files = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new ConstitutionError('CX-CONFIG-MISSING', 'the folder cannot be read', {
      place: { file: 'environments' },
      cause,
    });
  });
  const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
  return Promise.all(names.sort().map((name) => loadEnvironment(root, name)));
}

/**
 * Picks declarations by name, all where no name is given.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE naming the nearest environment there is.
 */
export function selectEnvironments(
  declarations: readonly EnvironmentDeclaration[],
  names: readonly string[],
): EnvironmentDeclaration[] {
  if (names.length === 0) return [...declarations];
  return [...new Set(names)].map((name) => {
    const found = declarations.find((declaration) => declaration.name === name);
    if (found) return found;
    const known = declarations.map((declaration) => declaration.name);
    throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no environment "${name}"`, {
      place: { file: `environments/${name}${ENDING}` },
      hint: didYouMean(name, known),
    });
  });
}

/**
 * Loads the declaration of one name.
 *
 * @throws ConstitutionError CX-CONFIG-MISSING where there is none, and as {@link loadEnvironments}.
 */
export async function loadEnvironment(root: string, name: string): Promise<EnvironmentDeclaration> {
  if (!ENVIRONMENT_NAME.test(name)) {
    throw new ConstitutionError('CX-CONFIG-INVALID', `"${name}" is not a name for an environment`, {
      place: { file: `environments/${name}${ENDING}` },
      hint: 'Use lower-case letters, digits, ".", "_" and "-", starting with a letter or digit.',
    });
  }
  const file = path.join(root, 'environments', `${name}${ENDING}`);
  const { constraints, ...rest } = await loadYaml(file, environmentSchema, { root });
  return { name, ...rest, constraints: constraints ?? null };
}
