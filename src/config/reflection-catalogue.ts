import path from 'node:path';
import { z } from 'zod';
import { ConstitutionError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { loadYaml } from './load-yaml.ts';

/** Where the catalogue is, relative to the root. */
export const CATALOGUE_FILE = 'fixtures/optimizing/catalogue.yaml';

/** Longer ones are essays, which cost tokens at every call. */
const MOST_CHARACTERS = 400;

const text = z
  .string()
  .trim()
  .min(1)
  .max(MOST_CHARACTERS)
  .refine((value) => !value.includes('```'), { error: 'a fence ends an instruction; leave it out' });
const kind = z.strictObject({
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Name of the failure kind.'),
  feedback: z
    .array(z.string().min(1))
    .min(1)
    .describe("Texts of the judge's feedback, by one of which the kind is found."),
  fragments: z
    .array(
      z.union([
        z.strictObject({ add: text.describe('Put at the end of the present instruction.') }),
        z.strictObject({ instead: text.describe('Takes the place of the present instruction.') }),
      ]),
    )
    .min(1),
});

/** `fixtures/optimizing/catalogue.yaml`. */
export const reflectionCatalogueSchema = z.strictObject({
  roles: z
    .record(z.string().trim().min(1), z.array(kind).min(1))
    .describe('Failure kinds by the roles of gate.yaml.'),
});

/** A failure kind and what may be proposed against it. */
export type CatalogueKind = z.output<typeof kind>;

/**
 * What may be proposed for a role.
 *
 * @throws ConstitutionError CX-CONFIG-* where the file cannot be read, or has nothing for the role.
 */
export async function loadCatalogue(root: string, role: string): Promise<readonly CatalogueKind[]> {
  const { roles } = await loadYaml(path.join(root, CATALOGUE_FILE), reflectionCatalogueSchema, { root });
  const kinds = roles[role];
  if (kinds !== undefined) return kinds;
  throw new ConstitutionError(
    'CX-CONFIG-REFERENCE',
    `the catalogue has no fragments for the role "${role}"`,
    {
      place: { file: CATALOGUE_FILE },
      hint: didYouMean(role, Object.keys(roles)),
    },
  );
}
