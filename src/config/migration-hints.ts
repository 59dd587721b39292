import path from 'node:path';
import { z } from 'zod';
import type { MigrationHint } from '../core/api.ts';
import { loadYaml } from './load-yaml.ts';
import { packageRoot } from './package-root.ts';

const version = z.string().regex(/^\d+(\.\d+)+$/);
const sentence = z.string().trim().min(1);

/** `python/constitution_migration/hints.yaml`. */
export const migrationHintsSchema = z.strictObject({
  hints: z.array(
    z.strictObject({
      subject: z
        .string()
        .regex(/^dspy(\.\w+)+(\(\w+\)|#\w+(\(\w+\))?|\[\w+\])?$/)
        .describe(
          '`path`, `path(parameter)`, `path#member`, `path#member(parameter)` or `dspy.settings[key]`.',
        ),
      between: z
        .tuple([version, version])
        .describe('Two versions: what changed did so after the first, and not after the second.'),
      change: sentence.describe('What changed, in one sentence.'),
      advice: sentence.describe('What to do.'),
      replace: z
        .string()
        .regex(/^dspy(\.\w+)+$/)
        .exactOptional()
        .describe('A path that can stand in its place wherever it is used.'),
      behaves: z
        .literal(true)
        .exactOptional()
        .describe('Both versions have it, and it does something else: no signature tells that.'),
      everywhere: z
        .literal(true)
        .exactOptional()
        .describe('Every program has to do with it: `api-diff` tells it, `scan` points at no use.'),
      drop: z
        .literal(true)
        .exactOptional()
        .describe('The argument has no effect any more: it may be left out.'),
    }),
  ),
});

/** The reviewed advice on changes of DSPy that comes with the package. @throws ConstitutionError CX-CONFIG-*. */
export async function loadMigrationHints(root: string): Promise<readonly MigrationHint[]> {
  const file = path.join(packageRoot(), 'python', 'constitution_migration', 'hints.yaml');
  const { hints } = await loadYaml(file, migrationHintsSchema, { root });
  return hints;
}
