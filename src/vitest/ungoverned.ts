import type { TestModule, TestProject, Vitest } from 'vitest/node';
import type { Ungoverned } from '../report/ungoverned.ts';
import { isGoverned } from './setup-file.ts';

/** Whether vitest runs a project for benchmarks: a mode of the whole run before vitest 5, a project of its own since. */
export function isBenchmark({ vitest, config }: TestProject): boolean {
  const { enabled } = (config.benchmark ?? {}) as { enabled?: boolean };
  return (vitest as { mode?: string }).mode === 'benchmark' || enabled === true;
}

/** Whether the tests of a module are ones that the constitution governs. */
export function isGovernedModule(module: TestModule): boolean {
  return isGoverned(module.project) && !isTypecheck(module);
}

/** Whether a module was read by the type checker: told by its meta data before vitest 5, by its pool since. */
function isTypecheck(module: TestModule): boolean {
  const { meta, pool } = (module as unknown as { task: { meta: { typecheck?: boolean }; pool?: string } })
    .task;
  return meta.typecheck === true || pool === 'typescript';
}

/** What of a run the constitution left alone. */
export function findUngoverned({ projects }: Vitest, modules: readonly TestModule[]): Ungoverned {
  const others = projects.filter((project) => !isGoverned(project) && !isBenchmark(project));
  const namesOf = (inBrowser: boolean) =>
    others.filter(({ config }) => config.browser.enabled === inBrowser).map(({ name }) => name);
  const typechecks = modules.filter(isTypecheck);
  return {
    withoutPlugin: namesOf(false),
    inBrowser: namesOf(true),
    typecheckTests: typechecks.reduce((sum, { children }) => sum + [...children.allTests()].length, 0),
  };
}
