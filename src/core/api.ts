/** A parameter. `default` is its text; null where a value must be given. */
export interface ApiParameter {
  readonly name: string;
  readonly kind: 'positional' | 'any' | 'keyword' | '*' | '**';
  readonly default: string | null;
}

/** What a class has, `__call__` with it; `of` is the class that defines it. */
export interface ApiMember {
  readonly kind: 'method' | 'property' | 'value';
  readonly of: string;
  readonly parameters: readonly ApiParameter[] | null;
  /** What it says of being deprecated; null where it says nothing. */
  readonly deprecated: string | null;
}

/** One name of a package. `of` is where it is defined: the same for every path that leads to it. */
export interface ApiName {
  readonly kind: 'module' | 'class' | 'function' | 'value';
  readonly of: string;
  /** How it is called; null where Python does not tell. */
  readonly parameters: readonly ApiParameter[] | null;
  /** What it says of being deprecated; null where it says nothing. */
  readonly deprecated: string | null;
  readonly members: Readonly<Record<string, ApiMember>>;
}

/** What one version of a Python package offers. JSON-safe. */
export interface PackageApi {
  readonly package: string;
  readonly version: string;
  /** By dotted path. */
  readonly names: Readonly<Record<string, ApiName>>;
  /** Modules that could not be imported, and why: what they hold is not known. */
  readonly closed: Readonly<Record<string, string>>;
  /** Keys of `<package>.settings` with their defaults as text. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What happened to a part of a package between two versions. */
export type ApiChangeKind =
  | 'removed'
  | 'removed-before'
  | 'added'
  | 'moved'
  | 'deprecated'
  | 'kind'
  | 'behavior'
  | 'parameter-removed'
  | 'parameter-added'
  | 'parameter-required'
  | 'parameter-kind'
  | 'parameter-position'
  | 'default'
  | 'member-removed'
  | 'member-added'
  | 'setting-removed'
  | 'setting-added'
  | 'setting-default';

/** One change. JSON-safe. */
export interface ApiChange {
  readonly kind: ApiChangeKind;
  /**
   * What changed: `dspy.Program`, a parameter `dspy.Evaluate(return_outputs)`, a member `dspy.LM#launch`, a parameter of a
   * member `dspy.LM#launch(port)`, a setting `dspy.settings[bypass_assert]`.
   */
  readonly subject: string;
  /** Other paths to the same. */
  readonly also: readonly string[];
  /** What it was and what it is, where that is a text: a default, a kind, another path, a place from 1. */
  readonly before: string | null;
  readonly after: string | null;
  /** Whether a program that uses it may stop working, or work otherwise, without being changed. */
  readonly breaking: boolean;
}

/** Advice of a person on a change, checked against the versions it speaks of. */
export interface MigrationHint {
  /** The change lies after the first of these versions, and not after the second. */
  readonly between: readonly [earlier: string, later: string];
  /** The subject of a change; that of a module counts for what is below it. */
  readonly subject: string;
  /** What changed, in one sentence. */
  readonly change: string;
  /** What to do. */
  readonly advice: string;
  /** A path that can stand in its place wherever it is used. */
  readonly replace?: string;
  /** Both versions have it, and it does something else: no signature tells that. */
  readonly behaves?: true;
  /** Every program has to do with it: that it changed is told once, and not at each use. */
  readonly everywhere?: true;
  /** The argument may be left out: it has no effect any more, or its default does the same. */
  readonly drop?: true;
}
