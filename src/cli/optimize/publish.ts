import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Optimization } from '../../config/optimization.ts';
import { PROGRAM_FILE } from '../../config/optimizations.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { hashJson, type Json } from '../../core/json.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import type { OptimizePlan } from './plan.ts';
import { RESULT_FILE } from './replay.ts';
import { filesOf } from './work-folder.ts';

/**
 * Puts the result of an optimization where it is looked for.
 *
 * @param command that was given, without `--resume`
 * @returns the optimization as it is written down: with what says whether the program beside it is its own
 * @throws ConstitutionError CX-OPTIMIZE-SAVE
 */
export async function publish(
  plan: OptimizePlan,
  optimization: Optimization,
  command: string,
): Promise<Optimization> {
  const { root, results, folder } = plan;
  try {
    await mkdir(results, { recursive: true });
    const published = { ...optimization, programSha256: await publishProgram(plan, optimization) };
    await writeAtomically(path.join(results, RESULT_FILE), `${JSON.stringify(published, null, 2)}\n`);
    return published;
  } catch (cause) {
    const again =
      optimization.optimizer === 'gepa' ? ` \`${command} --resume\` tries again, and pays nothing.` : '';
    throw new ConstitutionError(
      'CX-OPTIMIZE-SAVE',
      `the result cannot be written: ${(cause as Error).message}`,
      {
        place: { file: path.relative(root, results) },
        hint: `What was found is in ${path.relative(root, folder)}.${again}`,
        cause,
      },
    );
  }
}

/**
 * The best program is left, unless a budget was violated and nobody asked for what was found until then.
 *
 * @returns its hash; null where none is left
 */
async function publishProgram(
  { folder, results, budget }: OptimizePlan,
  { status, result }: Optimization,
): Promise<string | null> {
  const keeps = status !== 'stopped-by-budget' || budget.onViolation.includes('keep-best');
  if (!keeps || result === null) return null;
  const text = await readFile(filesOf(folder).program, 'utf8');
  await writeAtomically(path.join(results, PROGRAM_FILE), text);
  return hashJson(JSON.parse(text) as Json);
}
