import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type OptimizerProgress, optimizerProgressSchema } from '../../config/optimization.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { claim } from './claim.ts';
import type { OptimizePlan } from './plan.ts';

/** What an optimization leaves in its folder while it runs; `program` is DSPy's own form. */
export const filesOf = (folder: string) => ({
  claims: path.join(folder, 'claims.jsonl'),
  basis: path.join(folder, 'basis.json'),
  ledger: path.join(folder, 'ledger.jsonl'),
  progress: path.join(folder, 'progress.json'),
  program: path.join(folder, 'program.json'),
  rollouts: path.join(folder, 'rollouts.jsonl'),
});

/** What an optimization was begun with. */
interface Basis {
  readonly sourcesSha256: string;
  /** The command line. */
  readonly command: string;
}

/**
 * Makes the folder of an optimization this process's until the returned function is called, or the process ends. Nothing in
 * it is changed.
 *
 * @throws ConstitutionError CX-OPTIMIZE-BUSY, CX-OPTIMIZE-RESUME where it is to be gone on with and cannot be
 */
export async function claimFolder(
  { folder, role, sourcesSha256 }: OptimizePlan,
  resume: boolean,
): Promise<() => void> {
  const files = filesOf(folder);
  const release = claim(files.claims, role);
  if (!resume) return release;
  const begun = await readBasis(files.basis);
  if (begun?.sourcesSha256 === sourcesSha256) return release;
  release();
  throw begun === null
    ? resumeError('there is no optimization to go on with', `Begin one with \`optimize ${role}\`.`)
    : resumeError(
        'the optimization was begun with another pipeline, judge, split, model, seed or options',
        `It was begun with \`${begun.command}\`: put back what it was begun with, or begin anew without --resume.`,
      );
}

/** Empties the folder, which has to be claimed, for an optimization that begins with this command. */
export async function emptyFolder({ folder, sourcesSha256 }: OptimizePlan, command: string): Promise<void> {
  const { claims, basis } = filesOf(folder);
  // The basis first: without its ledger, nothing may go on with the rest.
  await rm(basis, { force: true });
  const old = (await readdir(folder))
    .map((name) => path.join(folder, name))
    .filter((file) => file !== claims);
  for (const file of old) await rm(file, { recursive: true, force: true });
  await writeAtomically(basis, JSON.stringify({ sourcesSha256, command } satisfies Basis));
}

/** What the optimization in the folder was begun with; null where there is none. */
async function readBasis(file: string): Promise<Basis | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Basis;
  } catch {
    return null;
  }
}

/** How far the optimizer has come; null where it has not scored the pipeline as it was yet. */
export async function readProgress(folder: string): Promise<OptimizerProgress | null> {
  const text = await readFile(filesOf(folder).progress, 'utf8').catch(() => null);
  return text === null ? null : optimizerProgressSchema.parse(JSON.parse(text));
}

function resumeError(message: string, hint: string): ConstitutionError {
  return new ConstitutionError('CX-OPTIMIZE-RESUME', message, { hint });
}
