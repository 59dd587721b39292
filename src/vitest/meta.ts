import type { ConstitutionMeta } from './provided.ts';

/** The part of vitest's task that carries our data; structural, so that every supported version fits. */
export interface TaskWithMeta {
  meta: { constitution?: ConstitutionMeta };
}

/** The test's record, made at first use. */
export function metaOf(task: TaskWithMeta): ConstitutionMeta {
  task.meta.constitution ??= {};
  return task.meta.constitution;
}

/** Adds to a list of the test's record. */
export function keep<Part extends 'runs' | 'schemas'>(
  task: TaskWithMeta,
  part: Part,
  value: NonNullable<ConstitutionMeta[Part]>[number],
): void {
  const meta = metaOf(task);
  const list = (meta[part] ?? []) as unknown[];
  list.push(value);
  meta[part] = list as never;
}
