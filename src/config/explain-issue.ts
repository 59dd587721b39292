import { z } from 'zod';
import { didYouMean } from '../core/nearest.ts';

/** One thing that is wrong with a value, ready to be placed in its file. */
export interface ExplainedIssue {
  readonly path: readonly PropertyKey[];
  /** The key inside `path` that is at fault, where it is a key rather than a value. */
  readonly atKey?: string;
  /** 0-based offset in the text at `path`, where one sign of it is at fault. */
  readonly atSign?: number;
  readonly message: string;
  readonly hint: string;
}

/** Turns a zod issue into one explanation for each thing at fault; `value` is what was validated. */
export function explainIssue(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): ExplainedIssue[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path, value);
    return issue.keys.map((key) => ({
      path: issue.path,
      atKey: key,
      message: `unknown key "${key}"${inside(issue.path)}`,
      hint: didYouMean(key, known),
    }));
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    // The path ends in the discriminator's own key: what it may be is said by the branches above it.
    const known = nodesAt(schema, issue.path, undefined).flatMap((node) =>
      typeof node.const === 'string' ? [node.const] : [],
    );
    const name = issue.path.map(String).join('.');
    const given = valueAt(value, issue.path);
    if (typeof given === 'string')
      return [
        { path: issue.path, message: `${name}: unknown value "${given}"`, hint: didYouMean(given, known) },
      ];
    return [
      { path: issue.path, message: `${name}: unknown value`, hint: `Expected one of ${known.join(', ')}.` },
    ];
  }
  if (issue.code === 'invalid_union') {
    const meant = branchByDiscriminator(issue);
    if (meant !== undefined) return meant.flatMap((inner) => explainIssue(inner, schema, value));
    // The branch that came furthest is the one that was meant.
    const deepest = issue.errors
      .map((branch) => branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })))
      .sort((a, b) => depth(b) - depth(a))[0]?.[0];
    if (deepest && deepest.path.length > issue.path.length) return explainIssue(deepest, schema, value);
    const ofType = branchOfType(issue);
    if (ofType !== undefined) return explainIssue(ofType, schema, value);
  }
  const name = issue.path.map(String).join('.') || 'the file';
  const { hint, offset } = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  return [
    {
      path: issue.path,
      ...(typeof offset === 'number' ? { atSign: offset } : {}),
      message: `${name}: ${lowerFirst(issue.message)}`,
      // A refinement may bring a hint of its own.
      hint: typeof hint === 'string' ? hint : `Expected ${expectation(issue)}.`,
    },
  ];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}

/**
 * Of a union of alternatives, one of which is told by a key of its own: that one where the key is there (the other
 * alternative calls it unknown), else the other one. Undefined for other unions.
 */
function branchByDiscriminator(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const branches = issue.errors.map((branch) =>
    branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as z.core.$ZodIssue),
  );
  const keyOf = (branch: readonly z.core.$ZodIssue[]) => {
    const found = branch.find((inner) => inner.code === 'invalid_union' && inner.discriminator !== undefined);
    return found?.code === 'invalid_union' ? found.discriminator : undefined;
  };
  const told = branches.find((branch) => keyOf(branch) !== undefined);
  const other = branches.find((branch) => keyOf(branch) === undefined);
  if (told === undefined || other === undefined) return undefined;
  const key = keyOf(told) as string;
  const present = other.some((inner) => inner.code === 'unrecognized_keys' && inner.keys.includes(key));
  return present ? told : other;
}

/** What is wrong in the one branch that takes values of this type; undefined where none does. */
function branchOfType(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined {
  const [found] = issue.errors
    .flatMap((branch) => branch.slice(0, 1))
    .filter(({ code }) => code !== 'invalid_type' && code !== 'invalid_value' && code !== 'invalid_union');
  return found && { ...found, path: [...issue.path, ...found.path] };
}

function depth(issues: readonly { path: readonly PropertyKey[] }[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small')
    return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big')
    return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branches = issue.errors.flatMap((branch) => branch.slice(0, 1));
    return [...new Set(branches.map((branch) => expectation(branch)))].join(' or ');
  }
  if (issue.code === 'invalid_format' && issue.format === 'date') return 'a day that there is, as YYYY-MM-DD';
  if (issue.code === 'invalid_format')
    return `the form ${issue.format}${issue.pattern ? ` ${issue.pattern}` : ''}`;
  return 'what the JSON Schema of this file says';
}

function inside(path: readonly PropertyKey[]): string {
  return path.length > 0 ? ` in ${path.map(String).join('.')}` : '';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

interface SchemaNode {
  const?: unknown;
  $ref?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  allOf?: SchemaNode[];
}

/** Keys that the schema allows at `path`, over every branch of a union that `value` may be of. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  return [...new Set(nodesAt(schema, path, value).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** What the schema says at `path`, over every branch of a union but those that another constant in `value` tells apart. */
function nodesAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): SchemaNode[] {
  const root = z.toJSONSchema(schema, {
    unrepresentable: 'any',
    io: 'input',
    reused: 'inline',
  }) as SchemaNode;
  let nodes = branches(root);
  let inner = value;
  for (const step of path) {
    const meant = nodes.filter((node) => !isAnother(node, inner));
    inner = valueAt(inner, [step]);
    nodes = meant.flatMap((node) => {
      const next =
        typeof step === 'number'
          ? node.items
          : (node.properties?.[String(step)] ??
            (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined));
      return next ? branches(next) : [];
    });
  }
  return nodes;
}

/** Whether a branch is of a thing that is told by a constant, e.g. the options of another check. */
function isAnother({ properties = {} }: SchemaNode, value: unknown): boolean {
  return Object.entries(properties).some(([name, { const: constant }]) => {
    const given = valueAt(value, [name]);
    return typeof constant === 'string' && typeof given === 'string' && given !== constant;
  });
}

function branches(node: SchemaNode): SchemaNode[] {
  const parts = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [node, ...parts.flatMap(branches)];
}
