import type { Severity } from './finding.ts';
import type { JsonObject } from './json.ts';

/** One use of a check in an article, options complete (defaults filled in). JSON-safe. */
export interface CheckUse {
  readonly uses: string;
  readonly with: JsonObject;
}

/** A rule of the constitution, as its file states it with defaults filled in. JSON-safe: it travels to the workers. */
export interface Article {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly severity: Severity;
  readonly appliesTo: ArticleScope;
  readonly checks: readonly CheckUse[];
  /** The article's file, relative to the root. */
  readonly source: string;
}

/** Which tests an article governs; an empty list means no restriction. */
export interface ArticleScope {
  /** Globs against the test file's path relative to the root. */
  readonly files: readonly string[];
  readonly projects: readonly string[];
  /** Regular expressions (source text) against the full test name. */
  readonly names: readonly string[];
  /** Roles of the pipeline runs of a test; a test without a run of such a role is not governed. */
  readonly roles: readonly string[];
}

/** Declares one option of a check; the article schema, its JSON Schema and the documentation are made from it. */
export type OptionSpec = { readonly description: string } & (
  | { readonly type: 'number'; readonly min?: number; readonly max?: number; readonly default?: number }
  | { readonly type: 'boolean'; readonly default?: boolean }
  | { readonly type: 'string'; readonly values?: readonly string[]; readonly default?: string }
  | { readonly type: 'strings'; readonly default?: readonly string[] }
);

/** Options of a check by name. One without a default may be left out and is then absent. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;
