import { readFileSync } from 'node:fs';
import path from 'node:path';
import glob from 'fast-glob';
import { type Optimization, optimizationSchema } from './optimization.ts';

/** Where optimized programs are, relative to the root. */
export const OPTIMIZED_FOLDER = 'eval/optimized';
/** In the folder of a result: the best program, as DSPy saves it. */
export const PROGRAM_FILE = 'program.json';

/**
 * Every optimization of a project, in the order of their folders.
 *
 * @throws ZodError where one cannot be read.
 */
export function readOptimizations(root: string): Optimization[] {
  return glob
    .sync(`${OPTIMIZED_FOLDER}/**/optimization.json`, { cwd: root })
    .sort()
    .map((file) => optimizationSchema.parse(JSON.parse(readFileSync(path.join(root, file), 'utf8'))));
}
