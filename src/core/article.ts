import type { Severity } from './finding.ts';
import type { JsonObject } from './json.ts';

/** One use of a check in an article, options complete (defaults filled in). JSON-safe. */
export interface NamedCheck {
  readonly uses: string;
  readonly with: JsonObject;
}

/** A rule that an article states by itself, as a CEL expression over `test`, `run`, `runs`, `baseline` and `budget`. */
export interface Predicate {
  /** The CEL expression: true where the rule is kept. */
  readonly expect: string;
  /** What a person reads where it is not. */
  readonly message: string;
}

export type CheckUse = NamedCheck | Predicate;

/** An exception from an article: its findings in one test are set aside until a day. */
export interface Waiver {
  /** `<file> > <full name>`, the full name alone, or `<file>` for its findings without a test; `*` stands for any text. */
  readonly test: string;
  readonly reason: string;
  /** The last day it holds, `YYYY-MM-DD`. */
  readonly until: string;
}

/** A rule of the constitution, as its file states it with defaults filled in. JSON-safe: it travels to the workers. */
export interface Article {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly severity: Severity;
  readonly appliesTo: ArticleScope;
  readonly checks: readonly CheckUse[];
  readonly waivers: readonly Waiver[];
  /** The article's file, relative to the root. */
  readonly source: string;
}

/** Which tests an article governs; an empty list means no restriction. */
export interface ArticleScope {
  /** Globs against the test file's path relative to the root. */
  readonly files: readonly string[];
  readonly projects: readonly string[];
  /** Tags of a test (vitest 4.1 and later); one of them is enough. */
  readonly tags: readonly string[];
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
  | { readonly type: 'strings'; readonly values?: readonly string[]; readonly default?: readonly string[] }
  /** Globs; a check gets them as source texts of regular expressions, so that a worker needs no glob library. */
  | { readonly type: 'globs'; readonly default?: readonly string[] }
  /** A regular expression, as source text. */
  | { readonly type: 'pattern'; readonly default?: string }
  | { readonly type: 'patterns'; readonly default?: readonly string[] }
);

/** Options of a check by name. One without a default may be left out and is then absent. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What the configuration and the documentation need to know of a check. */
export interface CheckDeclaration {
  /** One sentence: what it guards. */
  readonly description: string;
  readonly options: OptionSpecs;
  /** Codes of the findings it can make, with what each one means. */
  readonly codes: Readonly<Record<string, string>>;
}
