import { loadMigrationHints } from '../config/migration-hints.ts';
import type { ApiChange, MigrationHint, PackageApi } from '../core/api.ts';
import { bySubject, compareApis } from '../core/api-diff.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { hintsBetween } from '../core/hints-between.ts';
import { statedChanges } from '../core/stated-changes.ts';
import { environmentOf, readApi } from './read-api.ts';

/** Two versions of the package, and what lies between them. */
export interface Comparison {
  readonly before: PackageApi;
  readonly after: PackageApi;
  /** In order of subjects. */
  readonly changes: readonly ApiChange[];
  /** Those that speak of what lies between them. */
  readonly hints: readonly MigrationHint[];
  /** The environment of the later version. */
  readonly environment: PythonEnvironment;
}

export interface CompareOptions {
  readonly root: string;
  /** Versions, or names of environments. */
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/**
 * Compares what two versions of the package offer, by importing both, each in its environment.
 *
 * @throws ConstitutionError CX-CONFIG-*, CX-ENV-*, CX-MIGRATION-API, CX-RUN-CANCELLED.
 */
export async function compareVersions({ root, from, to, signal, note }: CompareOptions): Promise<Comparison> {
  const [earlier, environment] = await Promise.all([environmentOf(root, from), environmentOf(root, to)]);
  note(`Reading what dspy ${earlier.dspy} and ${environment.dspy} offer …`);
  const [before, after, hints] = await Promise.all([
    readApi(root, earlier, signal),
    readApi(root, environment, signal),
    loadMigrationHints(root),
  ]);
  const spoken = hintsBetween(hints, before, after);
  const changes = [...compareApis(before, after), ...statedChanges(spoken, before, after)];
  return { before, after, changes: changes.sort(bySubject), hints: spoken, environment };
}
