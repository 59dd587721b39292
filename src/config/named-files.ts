import path from 'node:path';
import glob from 'fast-glob';
import { z } from 'zod';
import { ConstitutionError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { loadYaml } from './load-yaml.ts';

/** The name that such a file gives itself. */
export const fileName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'not a name: lower case, words joined by -' });

/** Paths of the files of a kind below `fixtures/`, e.g. `.fixture.yaml`, in their order, relative to the root. */
export async function filesOfKind(root: string, ending: string): Promise<string[]> {
  return (await glob(`fixtures/**/*${ending}`, { cwd: root })).sort();
}

/**
 * Reads all files of a kind, each of which names itself.
 *
 * @returns what they say, with `source`, the file.
 * @throws ConstitutionError CX-CONFIG-SYNTAX or -INVALID for the first file that is wrong or repeats a name.
 */
export async function loadNamedFiles<Schema extends z.ZodType<{ readonly name: string }>>(
  root: string,
  ending: string,
  schema: Schema,
): Promise<(z.output<Schema> & { readonly source: string })[]> {
  const loaded: (z.output<Schema> & { readonly source: string })[] = [];
  for (const source of await filesOfKind(root, ending)) {
    const one = { ...(await loadYaml(path.join(root, source), schema, { root })), source };
    const twin = loaded.find((other) => other.name === one.name);
    if (twin) {
      throw new ConstitutionError(
        'CX-CONFIG-INVALID',
        `the name "${one.name}" is used by ${twin.source} too`,
        {
          place: { file: source },
          hint: 'Give this one a name of its own.',
        },
      );
    }
    loaded.push(one);
  }
  return loaded;
}

/** @throws ConstitutionError CX-CONFIG-REFERENCE where a file names what does not exist. */
export function requireKnown(source: string, kind: string, wanted: string, known: readonly string[]): void {
  if (known.includes(wanted)) return;
  throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no ${kind} "${wanted}"`, {
    place: { file: source },
    hint: didYouMean(wanted, known),
  });
}
