import type { ProbeName } from '../checks/observations.ts';
import type { BudgetFacts } from '../checks/predicate/language.ts';
import type { Article, NamedCheck, Predicate } from '../core/article.ts';
import type { Finding, WaivedFinding } from '../core/finding.ts';
import type { FindingTemplate } from '../core/finding-template.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModelIdentity } from '../core/lm-exchange.ts';
import type { GatewayMode, PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';
import type { Unstubbed } from './stubs.ts';

/** An article with its globs compiled, so that a worker needs no glob library. */
export interface CompiledArticle extends Article {
  /** Source texts of regular expressions against the path relative to the root; empty: every file. */
  readonly filePatterns: readonly string[];
  readonly checks: readonly CompiledUse[];
}

/** A use of a check; `compiled` are its options with globs as source texts of regular expressions, for the workers. */
export type CompiledUse = (NamedCheck & { readonly compiled: JsonObject }) | Predicate;

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
  /** What has to be watched in any test; each is patched in before the test files are imported. */
  readonly probes: readonly ProbeName[];
  /** The built-in checks that articles use and that are judged test by test. */
  readonly testChecks: readonly string[];
  /** One of them compares what a test does twice. */
  readonly repeats: boolean;
  /** The day of the run, `YYYY-MM-DD` in UTC, which waivers are held against. */
  readonly today: string;
  /** Absolute path of the baseline, whether or not it exists. */
  readonly baselineFile: string;
  /** What `gate.yaml` allows; null where the project has none. */
  readonly budget: BudgetFacts | null;
  /** Modules of the project's own checks by the name of the check, absolute. */
  readonly checkModules: Readonly<Record<string, string>>;
  /** What the project's own checks say, by code. */
  readonly templates: Readonly<Record<string, FindingTemplate>>;
  /** What vitest takes back before each test of the project; absent where that is nothing. */
  readonly unstubbed?: Unstubbed;
  /** Absent where the project declares no Python environments. */
  readonly service?: ServiceAddress;
}

/** What a test carries home: written by the setup file and by fixtures, read by the reporter. Empty parts are left out. */
export interface ConstitutionMeta {
  /** Ids of the articles that governed the test, joined by commas: one text costs less than a list. */
  articles?: string;
  findings?: Finding[];
  waived?: WaivedFinding[];
  /** `<article>/<check>` of what could not be judged, because other tests ran at the same time. */
  unattributed?: string[];
  runs?: PipelineRun[];
  /** Runs of arms beside the two, by the name of the arm: no article governs them. */
  variants?: Record<string, PipelineRun[]>;
  /** Runs that an interrupted gate had made already. */
  resumed?: number;
  schemas?: PipelineSchema[];
  /** What the test recorded by name, as hashes. */
  values?: Record<string, string>;
  /** Time that our hooks took before and after the test, in milliseconds. */
  self?: [before: number, after: number];
}

declare module 'vitest' {
  interface ProvidedContext {
    constitution: ProvidedConstitution;
  }
  interface TaskMeta {
    constitution?: ConstitutionMeta;
  }
}
