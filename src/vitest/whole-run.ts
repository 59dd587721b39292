import type { Vitest } from 'vitest/node';

/** Options of vitest that narrow a run, by their names in the resolved configuration; a rerun in watch mode is of some files. */
const NARROWING = [
  'testNamePattern',
  'tagsFilter',
  'project',
  'cliExclude',
  'shard',
  'changed',
  'related',
  'watch',
] as const;

/** What the specification of a test file has where a tool chose some of its tests. */
const CHOOSING = ['testLines', 'testNamePattern', 'testIds', 'testTagsFilter'] as const;

/** Tells whether runs are of the whole suite: only then can something be said to concern none of it. */
export class WholeRun {
  /** Most files that a run was begun with. */
  #most = 0;
  #chosen = false;

  /** @param specifications of the files that a run begins with. */
  begin(specifications: readonly unknown[]): void {
    this.#most = Math.max(this.#most, specifications.length);
    this.#chosen = specifications.some((one) => CHOOSING.some((key) => isSet((one as Values)[key])));
  }

  /** @param files that the run was of. */
  isWhole(vitest: Vitest, files: number): boolean {
    const { config, filenamePattern } = vitest as unknown as { config: Values; filenamePattern?: unknown };
    return (
      !isSet(filenamePattern) &&
      !NARROWING.some((key) => isSet(config[key])) &&
      !this.#chosen &&
      // Reports that are merged were begun elsewhere. Else a rerun of fewer files than before is of some files.
      (isSet(config['mergeReports']) || files === this.#most)
    );
  }
}

type Values = Readonly<Record<string, unknown>>;

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
