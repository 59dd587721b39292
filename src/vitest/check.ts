// What a project's own check modules import from `vitest-constitution/check`: small, since every worker loads it.
export type { RecordedValues, TestFacts, TestInput } from '../checks/check.ts';
export type { Observations, ProbeName } from '../checks/observations.ts';
export { defineCheck, type ProjectCheck } from '../checks/project-check.ts';
export type { OptionSpec, OptionSpecs } from '../core/article.ts';
export type { CheckResult } from '../core/finding.ts';
