import type { ConstitutionMeta } from './provided.ts';

/** The part of vitest's task that carries our data; structural, so that every supported version fits. */
export interface TaskWithMeta {
  meta: { constitution?: ConstitutionMeta };
}

/** The test's record, made at first use. */
export function metaOf(task: TaskWithMeta): ConstitutionMeta {
  task.meta.constitution ??= emptyMeta();
  return task.meta.constitution;
}

/** Forgets what an earlier attempt (retry, repeat) of the same test left. */
export function resetMeta(task: TaskWithMeta): void {
  task.meta.constitution = emptyMeta();
}

function emptyMeta(): ConstitutionMeta {
  return { articles: [], findings: [], runs: [], schemas: [], selfMs: 0 };
}
