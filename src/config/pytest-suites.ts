import { z } from 'zod';
import type { EnvironmentDeclaration } from '../core/environment.ts';
import { fileName, loadNamedFiles, requireKnown } from './named-files.ts';

const text = z.string().trim().min(1);

/** A `*.pytest.yaml` file: a pytest suite that is to run under two versions of DSPy. */
export const pytestSuiteSchema = z.strictObject({
  name: fileName.describe('Unique over the project; names the tests, and the recordings of their LM calls.'),
  root: text.describe(
    'Folder in which pytest is called, relative to the project; it is copied, and stays as it is.',
  ),
  environments: z
    .tuple([text, text])
    .optional()
    .describe('The earlier and the later environment, by name or version; default: those of gate.yaml.'),
  requirements: z
    .array(text)
    .default([])
    .describe(
      'What the suite needs beside DSPy: "httpx==0.28.1", or "-r requirements.txt" with a file of the suite.',
    ),
  arguments: z.array(z.string()).default([]).describe('For pytest: paths, -k, -m.'),
  secondsPerTest: z.number().gt(0).max(3600).default(60).describe('Limit for one test.'),
  network: z.boolean().default(false).describe('Lets tests reach other machines.'),
  strict: z
    .boolean()
    .default(false)
    .describe('Tests that fail in both versions fail; by default they are skipped, with the reason.'),
});

/** As such a file states it, with the file itself, relative to the root. */
export type DeclaredPytestSuite = z.output<typeof pytestSuiteSchema> & { readonly source: string };

/**
 * Loads every `fixtures/**\/*.pytest.yaml` of a project, in order of their paths.
 *
 * @throws ConstitutionError CX-CONFIG-SYNTAX or -INVALID for the first file that is wrong or repeats a name, and
 * CX-CONFIG-REFERENCE where one names an environment that does not exist.
 */
export async function loadPytestSuites(
  root: string,
  environments: readonly EnvironmentDeclaration[],
): Promise<DeclaredPytestSuite[]> {
  const suites = await loadNamedFiles(root, '.pytest.yaml', pytestSuiteSchema);
  const known = environments.flatMap(({ name, dspy }) => [name, dspy]);
  for (const suite of suites) {
    for (const wanted of suite.environments ?? []) requireKnown(suite.source, 'environment', wanted, known);
  }
  return suites;
}
