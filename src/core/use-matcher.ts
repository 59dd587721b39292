import type { ApiChange, MigrationHint, PackageApi } from './api.ts';
import { byPlace } from './api-diff.ts';
import { type ApiUse, describeChange, type Edit, type UseFinding } from './api-uses.ts';
import type { ErrorCode } from './error-codes.ts';
import { edit, importedElsewhere, renamed } from './use-edits.ts';

/** What is compared, and what is told of it. */
export interface MatchOptions {
  readonly before: PackageApi;
  readonly after: PackageApi;
  readonly changes: readonly ApiChange[];
  readonly hints: readonly MigrationHint[];
  /** Tells calls that leave out an argument whose default changed as well. */
  readonly defaults?: boolean;
}

const CODES: Partial<Record<ApiChange['kind'], ErrorCode>> = {
  moved: 'CX-MIGRATION-MOVED',
  kind: 'CX-MIGRATION-KIND',
  behavior: 'CX-MIGRATION-BEHAVIOR',
  'parameter-required': 'CX-MIGRATION-CALL',
  'parameter-kind': 'CX-MIGRATION-CALL',
  'parameter-position': 'CX-MIGRATION-CALL',
  default: 'CX-MIGRATION-DEFAULT',
  'setting-default': 'CX-MIGRATION-DEFAULT',
};

/** Functions whose keyword arguments are settings, relative to the package. */
const SETTERS = ['configure', 'context', 'settings.configure', 'settings.context'];

/** Finds uses of what changed between two versions of a package. */
export class UseMatcher {
  readonly #before: PackageApi;
  readonly #after: PackageApi;
  readonly #defaults: boolean;
  /** Breaking changes by subject, under each path that leads to it. */
  readonly #changes = new Map<string, ApiChange[]>();
  /** Those of parameters, by what is called. */
  readonly #parameters = new Map<string, ApiChange[]>();
  readonly #hints: ReadonlyMap<string, MigrationHint>;
  readonly #owners = new Map<string, string>();

  constructor({ before, after, changes, hints, defaults = false }: MatchOptions) {
    this.#before = before;
    this.#after = after;
    this.#defaults = defaults;
    this.#hints = new Map(hints.map((hint) => [hint.subject, hint]));
    const told = changes.filter(({ breaking, subject }) => breaking && !this.#hints.get(subject)?.everywhere);
    for (const change of told) {
      const [path, rest] = split(change.subject);
      for (const other of [path, ...change.also]) {
        push(this.#changes, `${other}${rest}`, change);
        if (rest.endsWith(')')) push(this.#parameters, calleeOf(`${other}${rest}`), change);
      }
    }
  }

  /** What of the uses of one file changed, in the order of the file. */
  match(uses: readonly ApiUse[]): UseFinding[] {
    return uses.flatMap((use) => [
      ...this.#ofName(use),
      ...this.#ofMember(use),
      ...this.#ofArguments(use),
      ...this.#ofLeftOut(use),
    ]);
  }

  #ofName(use: ApiUse): UseFinding[] {
    if (use.form === 'member') return [];
    const parts = use.path.split('.');
    for (let length = 2; length <= parts.length; length++) {
      const path = parts.slice(0, length).join('.');
      const change = this.#changes.get(path)?.[0] ?? this.#setting(path);
      if (change === undefined) continue;
      // A name that an import brought is told where it is imported.
      if (!['import', 'from', 'named'].includes(use.form) && !(path in use.spans)) return [];
      const target = this.#hintOf(change)?.replace ?? (change.kind === 'moved' ? change.after : null);
      const edits = target === null ? [] : renamed(use, path, target);
      const moved = () => importedElsewhere(use, this.#before, this.#after);
      return [this.#finding(change, use, use, edits.length > 0 ? edits : moved())];
    }
    return [];
  }

  #setting(path: string): ApiChange | undefined {
    const prefix = `${this.#before.package}.settings.`;
    return path.startsWith(prefix)
      ? this.#changes
          .get(`${this.#before.package}.settings[${path.slice(prefix.length)}]`)
          ?.find(({ kind }) => kind === 'setting-removed')
      : undefined;
  }

  #ofMember(use: ApiUse): UseFinding[] {
    if (use.member === null) return [];
    const change = this.#changes.get(`${this.#ownerOf(use.path, use.member)}#${use.member}`)?.[0];
    return change === undefined ? [] : [this.#finding(change, use, use, [])];
  }

  /** A path to the class that defines a member of the class at a path. */
  #ownerOf(path: string, member: string): string {
    const key = `${path}#${member}`;
    const owner = this.#owners.get(key) ?? this.#findOwner(path, member);
    this.#owners.set(key, owner);
    return owner;
  }

  #findOwner(path: string, member: string): string {
    const { names } = this.#before;
    const home = names[path]?.members[member]?.of;
    const owners = Object.keys(names).filter(
      (other) => names[other]?.kind === 'class' && names[other].of === home,
    );
    return owners.find((owner) => this.#has(`${owner}#${member}`)) ?? path;
  }

  #has(subject: string): boolean {
    return this.#changes.has(subject) || this.#parameters.has(subject);
  }

  #calleeOf({ path, member }: ApiUse): string {
    return member === null ? path : `${this.#ownerOf(path, member)}#${member}`;
  }

  #ofArguments(use: ApiUse): UseFinding[] {
    const callee = this.#calleeOf(use);
    const setter = this.#isSetter(callee);
    const places = this.#places(callee);
    return use.arguments.flatMap((argument, place) => {
      const name = argument.name ?? places[place];
      const subject = setter ? `${this.#before.package}.settings[${name}]` : `${callee}(${name})`;
      const change = this.#changes.get(subject)?.find((one) => concerns(one, argument.name !== null));
      if (change === undefined) return [];
      const edits = this.#hintOf(change)?.drop && argument.cut ? [edit(argument.cut, '')] : [];
      return [this.#finding(change, use, argument, edits)];
    });
  }

  /** What a call does not give, and has to now; or, where that is asked for, whose default changed. */
  #ofLeftOut(use: ApiUse): UseFinding[] {
    if (use.unpacks !== false) return [];
    const callee = this.#calleeOf(use);
    if (this.#isSetter(callee)) return [];
    const places = this.#places(callee);
    const given = new Set(use.arguments.map(({ name }, place) => name ?? places[place]));
    const byPlaceNow = this.#placesIn(this.#after, callee).slice(
      0,
      use.arguments.filter(({ name }) => name === null).length,
    );
    return (this.#parameters.get(callee) ?? []).flatMap((change) => {
      const name = change.subject.slice(change.subject.lastIndexOf('(') + 1, -1);
      const told = change.kind === 'parameter-required' || (this.#defaults && change.kind === 'default');
      if (!told || given.has(name) || byPlaceNow.includes(name)) return [];
      return [this.#finding(change, use, use, [])];
    });
  }

  #isSetter(callee: string): boolean {
    return SETTERS.some((setter) => callee === `${this.#before.package}.${setter}`);
  }

  /** Names of the parameters that what is called takes by place. */
  #places(callee: string): readonly string[] {
    return this.#placesIn(this.#before, callee);
  }

  #placesIn({ names }: PackageApi, callee: string): readonly string[] {
    const [path, rest] = split(callee);
    const named = names[path];
    return byPlace((rest === '' ? named : named?.members[rest.slice(1)])?.parameters ?? []);
  }

  /** The hint for a change, or for the nearest module above it. */
  #hintOf({ subject }: ApiChange): MigrationHint | undefined {
    const exact = this.#hints.get(subject);
    if (exact !== undefined) return exact;
    for (let path = split(subject)[0]; path.includes('.'); path = path.slice(0, path.lastIndexOf('.'))) {
      const hint = this.#hints.get(path);
      if (hint !== undefined && !(path in this.#after.names)) return hint;
    }
    return undefined;
  }

  #finding(
    change: ApiChange,
    { guarded }: ApiUse,
    { line, column }: { readonly line: number; readonly column: number },
    edits: readonly Edit[],
  ): UseFinding {
    const hint = this.#hintOf(change);
    return {
      code: CODES[change.kind] ?? 'CX-MIGRATION-REMOVED',
      subject: change.subject,
      kind: change.kind,
      line,
      column,
      change: hint?.change ?? describeChange(change),
      advice: hint?.advice ?? (change.kind === 'moved' ? `Use ${change.after}.` : null),
      guarded,
      edits,
    };
  }
}

/** Whether a change concerns an argument that is given, by its name or by its place. */
function concerns({ kind, after }: ApiChange, byName: boolean): boolean {
  if (kind === 'parameter-removed' || kind === 'setting-removed') return true;
  if (kind === 'parameter-kind') return after === (byName ? 'positional' : 'keyword');
  return kind === 'parameter-position' && !byName;
}

/** A subject without the parameter. */
function calleeOf(subject: string): string {
  return subject.slice(0, subject.lastIndexOf('('));
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** A subject as its path and what follows that: `(parameter)`, `#member` or `[setting]`. */
function split(subject: string): [path: string, rest: string] {
  const end = subject.search(/[(#[]/);
  return end < 0 ? [subject, ''] : [subject.slice(0, end), subject.slice(end)];
}
