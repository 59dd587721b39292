import path from 'node:path';
import { z } from 'zod';
import type { SchemaDifference } from '../core/schema-diff.ts';
import { loadYaml } from './load-yaml.ts';

const text = z.string().trim().min(1);

/** A file that lists how signatures differ between versions, and why. */
export const schemaDifferencesSchema = z.strictObject({
  differences: z.array(
    z.strictObject({
      why: text.describe('What makes the difference, and what it means.'),
      aspect: z.enum(['signature', 'instructions', 'field', 'prompt', 'outcome', 'requests']),
      diff: text.describe('The lines that differ, led by - or +.'),
      where: z
        .record(z.string(), z.array(text).min(1))
        .describe('Signatures by field, or by adapter and form of the prompt or case of the answer.'),
    }),
  ),
});

/** A difference that is known, and why it is there. */
export interface ListedSchemaDifference extends SchemaDifference {
  readonly why: string;
}

/** The differences that a file lists. @throws ConstitutionError CX-CONFIG-*. */
export async function loadSchemaDifferences(
  root: string,
  file: string,
): Promise<readonly ListedSchemaDifference[]> {
  const { differences } = await loadYaml(path.resolve(root, file), schemaDifferencesSchema, { root });
  return differences;
}
