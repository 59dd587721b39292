import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { hashJson, sha256 } from '../../core/json.ts';
import { environmentPaths } from './paths.ts';

/** The lock of an environment as it is committed. */
export interface LockText {
  readonly text: string;
  readonly sha256: string;
}

const DIGEST_LINE = /^# Declaration: sha256:([0-9a-f]{64})$/m;

/** Comment lines at the top of a lock; the digest ties it to its declaration. */
export async function lockHeader(root: string, declaration: EnvironmentDeclaration): Promise<string> {
  return [
    `# Every package of the environment ${declaration.name} for Python ${declaration.python}, with hashes.`,
    `# Written by \`vitest-constitution env lock ${declaration.name}\`.`,
    `# Declaration: sha256:${await declarationDigest(root, declaration)}`,
    '',
  ].join('\n');
}

/**
 * Reads the lock of a declaration.
 *
 * @throws ConstitutionError CX-ENV-LOCK where it is missing or was written for another declaration.
 */
export async function readLock(root: string, declaration: EnvironmentDeclaration): Promise<LockText> {
  const place = { file: `environments/${declaration.name}.lock` };
  const hint = `Run "vitest-constitution env lock ${declaration.name}".`;
  const lock = await readLockText(root, declaration.name);
  if (lock === null) {
    throw new ConstitutionError('CX-ENV-LOCK', `the environment ${declaration.name} has no lock`, {
      place,
      hint,
    });
  }
  if (DIGEST_LINE.exec(lock.text)?.[1] !== (await declarationDigest(root, declaration))) {
    const message = `the lock of ${declaration.name} was written for another declaration`;
    throw new ConstitutionError('CX-ENV-LOCK', message, { place, hint });
  }
  return lock;
}

/** The lock of a name as it is, or null where there is none. */
export async function readLockText(root: string, name: string): Promise<LockText | null> {
  const text = await readFile(environmentPaths(root, name).lock, 'utf8').catch(() => null);
  return text === null ? null : { text, sha256: sha256(text) };
}

/** SHA-256 over everything that decides what a lock holds, beside the date it was resolved on. */
async function declarationDigest(root: string, declaration: EnvironmentDeclaration): Promise<string> {
  return hashJson({
    dspy: declaration.dspy,
    python: declaration.python,
    requirements: [...declaration.requirements],
    constraints: declaration.constraints === null ? null : await readConstraints(root, declaration),
  });
}

/** The lines of the constraints file that say something. */
async function readConstraints(root: string, declaration: EnvironmentDeclaration): Promise<string[]> {
  const file = declaration.constraints ?? '';
  const text = await readFile(path.join(root, file), 'utf8').catch((cause: unknown) => {
    throw new ConstitutionError(
      'CX-CONFIG-MISSING',
      `the constraints of ${declaration.name} cannot be read`,
      {
        place: { file },
        hint: `Create the file, or correct "constraints" in environments/${declaration.name}.yaml.`,
        cause,
      },
    );
  });
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
