export type { Finding, Severity } from '../core/finding.ts';
export type { PipelineRun } from '../core/pipeline-run.ts';
export type { ConstitutionOptions } from './options.ts';
export { constitution } from './plugin.ts';
export type { ConstitutionMeta } from './provided.ts';
export type { ReporterOptions } from './reporter.ts';
