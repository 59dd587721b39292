import type { ApiChange } from './api.ts';
import type { ErrorCode } from './error-codes.ts';

/** An argument of a call. */
export interface UsedArgument {
  /** Null where it is given by its place, in the order of arguments. */
  readonly name: string | null;
  readonly line: number;
  readonly column: number;
  /** The bytes to delete for it to be gone, its comma included; null where more than that could change. */
  readonly cut: readonly [from: number, to: number] | null;
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
  /** Byte offsets of the last name of each part of the path that is written there; null must not be rewritten. */
  readonly spans: Readonly<Record<string, readonly [from: number, to: number] | null>>;
  /** The name that an import binds. */
  readonly alias: string | null;
  /** The bytes of the module that this alone is imported from. */
  readonly module: readonly [from: number, to: number] | null;
  readonly arguments: readonly UsedArgument[];
  /** Whether the call passes on arguments that are not written there; null where it is not called. */
  readonly unpacks: boolean | null;
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
  readonly code: ErrorCode;
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

/** A change in one sentence, where nobody has found a better one. */
export function describeChange({ kind, subject, before, after }: ApiChange): string {
  const text = (value: string | null) => (value === null ? 'none' : `\`${value}\``);
  switch (kind) {
    case 'removed-before':
      return `\`${subject}\` went earlier.`;
    case 'behavior':
      return `\`${subject}\` does something else.`;
    case 'removed':
    case 'member-removed':
    case 'parameter-removed':
    case 'setting-removed':
      return `\`${subject}\` is gone.`;
    case 'moved':
      return `\`${before}\` is gone; the same is \`${after}\`.`;
    case 'kind':
      return `\`${subject}\` was a ${before}, and is a ${after}.`;
    case 'deprecated':
      return `\`${subject}\` will go: ${after}.`;
    case 'parameter-required':
      return `\`${subject}\` must be given.`;
    case 'parameter-kind':
      return `\`${subject}\` is passed in another way: ${before}, now ${after}.`;
    case 'parameter-position':
      return `\`${subject}\` was argument ${before}, and is argument ${after}.`;
    case 'default':
    case 'setting-default':
      return `The default of \`${subject}\` was ${text(before)}, and is ${text(after)}.`;
    default:
      return `\`${subject}\` is new.`;
  }
}
