import { access, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type EnvironmentDeclaration, EXACT_VERSION } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { SUPPORTED_PYTHON } from './interpreter.ts';
import { environmentPaths } from './paths.ts';
import { resolveLock } from './resolve-lock.ts';
import { type SyncOptions, syncEnvironments } from './sync.ts';

/**
 * Declares, locks and makes the environment of another DSPy version: `dspy==3.4.1` gives `environments/dspy-3.4.1.yaml`
 * and its lock. `requirements` are those beyond DSPy. Nothing is left behind where the version cannot be resolved.
 *
 * @throws ConstitutionError CX-USAGE for another form of requirement or an environment that exists, CX-ENV-LOCK where
 * there is no such version, and as {@link syncEnvironments}.
 */
export async function addEnvironment(
  root: string,
  requirement: string,
  options: SyncOptions & { readonly requirements?: readonly string[] } = {},
): Promise<EnvironmentDeclaration> {
  const version = /^dspy==(.+)$/.exec(requirement.replaceAll(' ', ''))?.[1];
  if (version === undefined || !EXACT_VERSION.test(version)) {
    throw new ConstitutionError('CX-USAGE', `"${requirement}" is not an exact DSPy version`, {
      hint: 'Name it as in "dspy==3.0.1".',
    });
  }
  const name = `dspy-${version}`;
  const { requirements = [] } = options;
  const declaration = { name, dspy: version, python: SUPPORTED_PYTHON, requirements, constraints: null };
  const paths = environmentPaths(root, name);
  const exists = await access(paths.declaration).then(
    () => true,
    () => false,
  );
  if (exists) {
    throw new ConstitutionError('CX-USAGE', `the environment ${name} is declared already`, {
      place: { file: `environments/${name}.yaml` },
      hint: `Run "vitest-constitution env sync ${name}".`,
    });
  }
  await mkdir(path.dirname(paths.declaration), { recursive: true });
  try {
    await resolveLock(root, declaration, options);
    await writeAtomically(paths.declaration, declarationText(declaration));
  } catch (error) {
    await rm(paths.lock, { force: true });
    throw error;
  }
  await syncEnvironments(root, [declaration], options);
  return declaration;
}

function declarationText(declaration: EnvironmentDeclaration): string {
  return [
    `# DSPy ${declaration.dspy}, added by \`vitest-constitution env add dspy==${declaration.dspy}\`.`,
    `# The lock beside this file is written by \`vitest-constitution env lock ${declaration.name}\`.`,
    `dspy: ${declaration.dspy}`,
    `python: "${declaration.python}"`,
    `requirements: ${JSON.stringify(declaration.requirements)}`,
    '',
  ].join('\n');
}
