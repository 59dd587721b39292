import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type OptimizerProgress, optimizerProgressSchema } from '../../config/optimization.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { Spender } from '../../core/spending/ledger-entry.ts';
import { isAlive, ownSpender } from '../../gateway/ledger/spender.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import type { OptimizePlan } from './plan.ts';

/** What an optimization leaves in its folder while it runs; `program` is DSPy's own form. */
export const filesOf = (folder: string) => ({
  claim: path.join(folder, 'claim.json'),
  basis: path.join(folder, 'basis.json'),
  ledger: path.join(folder, 'ledger.jsonl'),
  progress: path.join(folder, 'progress.json'),
  program: path.join(folder, 'program.json'),
  rollouts: path.join(folder, 'rollouts.jsonl'),
});

/**
 * Makes the folder of an optimization ready: empty for a new one, as it was for one that is gone on with. It is this
 * process's until the returned function is called, or the process ends.
 *
 * @throws ConstitutionError CX-OPTIMIZE-BUSY, CX-OPTIMIZE-RESUME
 */
export async function claimFolder(plan: OptimizePlan, resume: boolean): Promise<() => Promise<void>> {
  const { folder, role, sourcesSha256 } = plan;
  const files = filesOf(folder);
  await mkdir(folder, { recursive: true });
  await claim(files.claim, role);
  const release = () => rm(files.claim, { force: true });
  try {
    const text = await readFile(files.basis, 'utf8').catch(() => null);
    const basis = text === null ? null : (JSON.parse(text) as { sourcesSha256?: unknown });
    if (resume && basis === null) {
      throw resumeError('there is no optimization to go on with', `Begin one with \`optimize ${role}\`.`);
    }
    if (resume && basis?.sourcesSha256 !== sourcesSha256) {
      throw resumeError(
        'the optimization was begun with another pipeline, judge, split, model or seed',
        `Put back what it was begun with, or begin anew with \`optimize ${role}\`.`,
      );
    }
    if (!resume) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await claim(files.claim, role);
      await writeAtomically(files.basis, JSON.stringify({ sourcesSha256 }));
    }
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}

/** How far the optimizer has come; null where it has not scored the pipeline as it was yet. */
export async function readProgress(folder: string): Promise<OptimizerProgress | null> {
  const text = await readFile(filesOf(folder).progress, 'utf8').catch(() => null);
  return text === null ? null : optimizerProgressSchema.parse(JSON.parse(text));
}

async function claim(file: string, role: string): Promise<void> {
  for (;;) {
    try {
      const descriptor = openSync(file, 'wx');
      writeSync(descriptor, JSON.stringify(ownSpender()));
      closeSync(descriptor);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = await readFile(file, 'utf8').then(
      (text) => (text === '' ? null : (JSON.parse(text) as Spender)),
      () => null,
    );
    if (other !== null && isAlive(other)) {
      throw new ConstitutionError('CX-OPTIMIZE-BUSY', `process ${other.pid} is optimizing the role ${role}`, {
        hint: 'Wait for it, or end it; what it has found is kept.',
      });
    }
    await rm(file, { force: true });
  }
}

function resumeError(message: string, hint: string): ConstitutionError {
  return new ConstitutionError('CX-OPTIMIZE-RESUME', message, { hint });
}
