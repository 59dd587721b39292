import path from 'node:path';
import { diffLines } from 'diff';
import { z } from 'zod';
import { packageRoot } from '../config/package-root.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import {
  compareSchemas,
  countFacts,
  groupSchemaChanges,
  type SchemaDifference,
  type SchemaFacts,
} from '../core/schema-diff.ts';
import { askPython } from './ask-python.ts';
import { environmentOf } from './read-api.ts';

const factsSchema = z.record(
  z.string(),
  z.object({
    instructions: z.string(),
    fields: z.array(
      z.object({
        name: z.string(),
        direction: z.enum(['input', 'output']),
        type: z.string(),
        description: z.string(),
        prefix: z.string(),
      }),
    ),
    prompts: z.record(z.string(), z.string()),
    behaviors: z.record(z.string(), z.object({ outcome: z.string(), requests: z.string() })),
  }),
) satisfies z.ZodType<SchemaFacts>;

export interface CompareSchemasOptions {
  readonly root: string;
  /** Versions, or names of environments. */
  readonly from: string;
  readonly to: string;
  /** Modules that define signatures, with those below them. */
  readonly modules: readonly string[];
  /** Folders that they are imported from, relative to the root. */
  readonly folders: readonly string[];
  readonly signal: AbortSignal;
}

/** What two versions make of the same signatures. */
export interface SchemaComparison {
  readonly from: string;
  readonly to: string;
  readonly signatures: readonly string[];
  /** Things that were compared. */
  readonly compared: number;
  /** Of these, those that differ. */
  readonly differing: number;
  readonly differences: readonly SchemaDifference[];
}

/**
 * Compares every signature of some modules, by importing them in both versions.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE, CX-ENV-*, CX-MIGRATION-SCHEMAS where they cannot be imported, CX-RUN-CANCELLED.
 */
export async function compareSignatures(options: CompareSchemasOptions): Promise<SchemaComparison> {
  const { root, from, to } = options;
  const [earlier, later] = await Promise.all([environmentOf(root, from), environmentOf(root, to)]);
  const [before, after] = await Promise.all([readSchemas(earlier, options), readSchemas(later, options)]);
  const changes = compareSchemas(before, after);
  return {
    from: earlier.dspy,
    to: later.dspy,
    signatures: [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(),
    compared: countFacts(before),
    differing: changes.length,
    differences: groupSchemaChanges(changes, changedLines),
  };
}

async function readSchemas(
  environment: PythonEnvironment,
  { root, modules, folders, signal }: CompareSchemasOptions,
): Promise<SchemaFacts> {
  const given = [
    ...folders.map((folder) => path.resolve(root, folder)),
    root,
    path.join(packageRoot(), 'python'),
  ];
  const message = `the signatures of ${modules.join(', ')} cannot be read in ${environment.name}`;
  const failure = { code: 'CX-MIGRATION-SCHEMAS', message } as const;
  const text = await askPython(environment, { do: 'schemas', modules, folders: given }, { signal, failure });
  return factsSchema.parse(JSON.parse(text));
}

/** Only the lines that differ. */
function changedLines(was: string, is: string): string {
  return diffLines(`${was.trimEnd()}\n`, `${is.trimEnd()}\n`)
    .filter((part) => part.added || part.removed)
    .flatMap((part) =>
      part.value
        .trimEnd()
        .split('\n')
        .map((line) => `${part.added ? '+' : '-'} ${line}`.trimEnd()),
    )
    .join('\n');
}
