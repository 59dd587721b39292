import type { ApiChange, MigrationHint, PackageApi } from './api.ts';

/** A keyword argument of a call; `cut` are the bytes to delete for it to be gone, its comma included. */
export interface UsedArgument {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly cut: readonly [from: number, to: number];
}

/** One use of a package in a Python file. */
export interface ApiUse {
  /** The longest dotted path that is written there. */
  readonly path: string;
  /** What is asked of an instance of it. */
  readonly member: string | null;
  /** `named` is in a text, as for `getattr`. */
  readonly form: 'import' | 'from' | 'attribute' | 'call' | 'member' | 'named';
  /** Both from 1; columns count characters. */
  readonly line: number;
  readonly column: number;
  /** Byte offsets of the last name of each part of the path that is written there. */
  readonly spans: Readonly<Record<string, readonly [from: number, to: number]>>;
  /** The name that an import binds. */
  readonly alias: string | null;
  readonly arguments: readonly UsedArgument[];
  /** An error is caught in case it is not there. */
  readonly guarded: boolean;
}

/** A replacement of bytes `from` to `to`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A use of what changed. JSON-safe. */
export interface UseFinding {
  readonly subject: string;
  readonly kind: ApiChange['kind'];
  readonly line: number;
  readonly column: number;
  /** What changed, in one sentence. */
  readonly change: string;
  /** What to do; null where nobody has said so yet. */
  readonly advice: string | null;
  readonly guarded: boolean;
  /** What mends it without a change of meaning; empty where a person has to. */
  readonly edits: readonly Edit[];
}

/** Functions whose keyword arguments are settings, relative to the package. */
const SETTERS = ['configure', 'context', 'settings.configure', 'settings.context'];

/** Finds uses of what changed between two versions of a package. */
export class UseMatcher {
  readonly #before: PackageApi;
  /** Breaking changes by subject, under each path that leads to it. */
  readonly #changes = new Map<string, ApiChange>();
  readonly #hints: ReadonlyMap<string, MigrationHint>;

  constructor(before: PackageApi, changes: readonly ApiChange[], hints: readonly MigrationHint[]) {
    this.#before = before;
    this.#hints = new Map(hints.map((hint) => [hint.subject, hint]));
    for (const change of changes.filter(({ breaking }) => breaking)) {
      const [path, rest] = split(change.subject);
      for (const other of [path, ...change.also]) this.#changes.set(`${other}${rest}`, change);
    }
    // What neither version has went earlier; a person has said so.
    for (const { subject } of hints) {
      if (this.#changes.has(subject) || split(subject)[1] !== '' || subject in before.names) continue;
      const gone = { kind: 'removed', also: [], before: null, after: null, breaking: true } as const;
      this.#changes.set(subject, { ...gone, subject });
    }
  }

  /** What of the uses of one file changed, in the order of the file. */
  match(uses: readonly ApiUse[]): UseFinding[] {
    return uses.flatMap((use) => [...this.#ofName(use), ...this.#ofMember(use), ...this.#ofArguments(use)]);
  }

  #ofName(use: ApiUse): UseFinding[] {
    if (use.form === 'member') return [];
    const parts = use.path.split('.');
    for (let length = 2; length <= parts.length; length++) {
      const path = parts.slice(0, length).join('.');
      const change = this.#changes.get(path) ?? this.#setting(path);
      if (change === undefined) continue;
      // A name that an import brought is told where it is imported.
      if (!['import', 'from', 'named'].includes(use.form) && !(path in use.spans)) return [];
      const target = this.#hintOf(change)?.replace ?? (change.kind === 'moved' ? change.after : null);
      return [this.#finding(change, use, use, target === null ? [] : renamed(use, path, target))];
    }
    return [];
  }

  #setting(path: string): ApiChange | undefined {
    const prefix = `${this.#before.package}.settings.`;
    return path.startsWith(prefix)
      ? this.#changes.get(`${this.#before.package}.settings[${path.slice(prefix.length)}]`)
      : undefined;
  }

  #ofMember(use: ApiUse): UseFinding[] {
    if (use.member === null) return [];
    const change = this.#changes.get(`${this.#ownerOf(use.path, use.member)}#${use.member}`);
    return change === undefined ? [] : [this.#finding(change, use, use, [])];
  }

  /** A path to the class that defines a member of the class at a path. */
  #ownerOf(path: string, member: string): string {
    const { names } = this.#before;
    const home = names[path]?.members[member]?.of;
    const owners = Object.keys(names).filter(
      (other) => names[other]?.kind === 'class' && names[other].of === home,
    );
    return owners.find((owner) => this.#changes.has(`${owner}#${member}`)) ?? path;
  }

  #ofArguments(use: ApiUse): UseFinding[] {
    const callee = use.member === null ? use.path : `${this.#ownerOf(use.path, use.member)}#${use.member}`;
    const sets = SETTERS.some((setter) => callee === `${this.#before.package}.${setter}`);
    return use.arguments.flatMap((argument) => {
      const change = this.#changes.get(
        sets ? `${this.#before.package}.settings[${argument.name}]` : `${callee}(${argument.name})`,
      );
      // A default that is another one now does not concern who states the value.
      if (change === undefined || change.kind === 'default' || change.kind === 'setting-default') return [];
      const [from, to] = argument.cut;
      const edits = this.#hintOf(change)?.drop ? [{ from, to, text: '' }] : [];
      return [this.#finding(change, use, argument, edits)];
    });
  }

  /** The hint for a change, or for the nearest module above it. */
  #hintOf({ subject }: ApiChange): MigrationHint | undefined {
    const exact = this.#hints.get(subject);
    if (exact !== undefined) return exact;
    for (let path = split(subject)[0]; path.includes('.'); path = path.slice(0, path.lastIndexOf('.'))) {
      const hint = this.#hints.get(path);
      if (hint !== undefined) return hint;
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

/** A change in one sentence, where nobody has found a better one. */
export function describeChange({ kind, subject, before, after }: ApiChange): string {
  const text = (value: string | null) => (value === null ? 'none' : `\`${value}\``);
  switch (kind) {
    case 'removed':
    case 'member-removed':
    case 'parameter-removed':
    case 'setting-removed':
      return `\`${subject}\` is gone.`;
    case 'moved':
      return `\`${before}\` is gone; the same is \`${after}\`.`;
    case 'kind':
      return `\`${subject}\` was a ${before}, and is a ${after}.`;
    case 'parameter-required':
      return `\`${subject}\` must be given.`;
    case 'parameter-kind':
      return `\`${subject}\` is passed in another way: ${before}, now ${after}.`;
    case 'default':
    case 'setting-default':
      return `The default of \`${subject}\` was ${text(before)}, and is ${text(after)}.`;
    default:
      return `\`${subject}\` is new.`;
  }
}

/** Renames the last part of a path; none where the new path lies elsewhere, for then the import has to change too. */
function renamed(use: ApiUse, path: string, target: string): Edit[] {
  const span = use.spans[path];
  const [parent, name] = [path.slice(0, path.lastIndexOf('.')), path.slice(path.lastIndexOf('.') + 1)];
  const newName = target.slice(target.lastIndexOf('.') + 1);
  if (span === undefined || target !== `${parent}.${newName}`) return [];
  // Whoever uses the imported name goes on to find it.
  const text = use.form === 'from' && use.alias === name ? `${newName} as ${name}` : newName;
  return [{ from: span[0], to: span[1], text }];
}

/** A subject as its path and what follows that: `(parameter)`, `#member` or `[setting]`. */
function split(subject: string): [path: string, rest: string] {
  const end = subject.search(/[(#[]/);
  return end < 0 ? [subject, ''] : [subject.slice(0, end), subject.slice(end)];
}
