import type { OptionSpecs } from '../core/article.ts';
import type { FindingTemplate } from '../core/finding-template.ts';
import type { TestCheck } from './check.ts';

/** A check of a project's own, as a module in `constitution/checks/` states it. */
export interface ProjectCheck
  extends Pick<TestCheck, 'description' | 'needs' | 'probes' | 'copesWithOverlap' | 'run'> {
  readonly options?: OptionSpecs;
  /** Codes of its findings, upper case and not beginning with `CX-`, with what a person reads. */
  readonly codes: Readonly<Record<string, FindingTemplate>>;
}

/** Gives a check of the project's own its types; the module exports it as `default`. */
export function defineCheck(check: ProjectCheck): ProjectCheck {
  return check;
}
