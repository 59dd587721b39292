import { canonicalJson, type Json } from './json.ts';

/** A field as one version sees it. */
interface FieldFacts {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly type: string;
  readonly description: string;
  readonly prefix: string;
}

/** A signature as one version sees it. */
export interface SignatureFacts {
  readonly instructions: string;
  readonly fields: readonly FieldFacts[];
  /** Messages by adapter and form, e.g. `chat, with a worked example`. */
  readonly prompts: Readonly<Record<string, string>>;
  /** What came of answers and calls, and how the LM was asked, by adapter and case. */
  readonly behaviors: Readonly<Record<string, { readonly outcome: string; readonly requests: string }>>;
}

/** Signatures by `module.Name`. */
export type SchemaFacts = Readonly<Record<string, SignatureFacts>>;

export type SchemaAspect = 'signature' | 'instructions' | 'field' | 'prompt' | 'outcome' | 'requests';

/** One thing that is not the same in both versions. */
export interface SchemaChange {
  readonly signature: string;
  readonly aspect: SchemaAspect;
  /** Name of the field, or adapter and form or case; empty where there is only one. */
  readonly form: string;
  /** null: it is not there. */
  readonly was: string | null;
  readonly is: string | null;
}

/** Changes that come to the same. */
export interface SchemaDifference {
  readonly aspect: SchemaAspect;
  /** Lines that differ, led by `-` or `+`. */
  readonly diff: string;
  /** Signatures by field, form or case, each in their order. */
  readonly where: Readonly<Record<string, readonly string[]>>;
}

/** Everything that differs, in the order of signatures. */
export function compareSchemas(before: SchemaFacts, after: SchemaFacts): SchemaChange[] {
  return union(before, after).flatMap((signature) => {
    const was = flatten(before[signature]);
    const is = flatten(after[signature]);
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((key): SchemaChange[] => {
      const [earlier, later] = [was.get(key) ?? null, is.get(key) ?? null];
      if (earlier === later) return [];
      const [aspect, form] = key.split('\n') as [SchemaAspect, string];
      return [{ signature, aspect, form, was: earlier, is: later }];
    });
  });
}

/** How many things were compared. */
export function countFacts(facts: SchemaFacts): number {
  return Object.values(facts).reduce((sum, signature) => sum + flatten(signature).size, 0);
}

/**
 * Puts changes together that come to the same.
 *
 * @param diff Lines that differ, led by `-` or `+`.
 */
export function groupSchemaChanges(
  changes: readonly SchemaChange[],
  diff: (was: string, is: string) => string,
): SchemaDifference[] {
  const groups = new Map<string, { aspect: SchemaAspect; diff: string; where: Record<string, string[]> }>();
  for (const { signature, aspect, form, was, is } of changes) {
    const text = diff(was ?? '(absent)', is ?? '(absent)');
    const key = `${aspect}\n${text}`;
    const group = groups.get(key) ?? { aspect, diff: text, where: {} };
    groups.set(key, group);
    group.where[form] ??= [];
    group.where[form].push(signature);
  }
  return [...groups.values()];
}

/** What is found and not listed, and what is listed and not found. */
export function unlistedDifferences<Listed extends SchemaDifference>(
  found: readonly SchemaDifference[],
  listed: readonly Listed[],
): { readonly unlisted: readonly SchemaDifference[]; readonly vanished: readonly Listed[] } {
  const keyOf = ({ aspect, diff, where }: SchemaDifference) =>
    canonicalJson({ aspect, diff, where } as unknown as Json);
  const [here, known] = [new Set(found.map(keyOf)), new Set(listed.map(keyOf))];
  return {
    unlisted: found.filter((one) => !known.has(keyOf(one))),
    vanished: listed.filter((one) => !here.has(keyOf(one))),
  };
}

function flatten(signature: SignatureFacts | undefined): Map<string, string> {
  if (signature === undefined) return new Map();
  return new Map([
    ['signature\n', 'defined'],
    ['instructions\n', signature.instructions],
    ...signature.fields.map(({ name, ...field }): [string, string] => [
      `field\n${name}`,
      Object.values(field).join(' | '),
    ]),
    ...Object.entries(signature.prompts).map(([form, text]): [string, string] => [`prompt\n${form}`, text]),
    ...Object.entries(signature.behaviors).flatMap(([form, { outcome, requests }]): [string, string][] => [
      [`outcome\n${form}`, outcome],
      [`requests\n${form}`, requests],
    ]),
  ]);
}

function union(before: SchemaFacts, after: SchemaFacts): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
}
