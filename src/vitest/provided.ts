import type { Article } from '../core/article.ts';
import type { Finding } from '../core/finding.ts';
import type { ModelIdentity } from '../core/lm-exchange.ts';
import type { GatewayMode, PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';

/** An article with its file globs compiled, so that a worker needs no glob library. */
export interface CompiledArticle extends Article {
  /** Source texts of regular expressions against the path relative to the root; empty: every file. */
  readonly filePatterns: readonly string[];
}

/** Where a test worker reaches the main process for everything that concerns Python and LMs. */
export interface ServiceAddress {
  /** Base of the control routes, `http://127.0.0.1:<port>/control`. */
  readonly controlUrl: string;
  readonly controlToken: string;
  /** What pipelines are given as their LM endpoint, `http://127.0.0.1:<port>/v1`. */
  readonly gatewayUrl: string;
  readonly mode: GatewayMode;
  /** The model behind the gateway, as far as it is known without a recording. */
  readonly model: ModelIdentity;
}

/** What the plugin hands to every worker. Plain JSON: `provide` cannot carry more. */
export interface ProvidedConstitution {
  /** Absolute, `/` as separator. */
  readonly root: string;
  readonly articles: readonly CompiledArticle[];
  /** Absolute path of the baseline, whether or not it exists. */
  readonly baselineFile: string;
  /** Absent where the project declares no Python environments. */
  readonly service?: ServiceAddress;
}

/** What a test carries home: written by the setup file and by fixtures, read by the reporter. */
export interface ConstitutionMeta {
  /** Ids of the articles that governed the test. */
  articles: string[];
  findings: Finding[];
  runs: PipelineRun[];
  schemas: PipelineSchema[];
  /** Time that our hooks took, in milliseconds. */
  selfMs: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    constitution: ProvidedConstitution;
  }
  interface TaskMeta {
    constitution?: ConstitutionMeta;
  }
}
