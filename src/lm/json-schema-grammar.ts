import { ConstitutionError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { formatGrammar, JSON_RULES, literal } from './json-grammar.ts';

/** Keywords that say nothing about which values are valid. */
const ANNOTATIONS = ['title', 'description', 'default', 'examples', '$defs', 'definitions', '$schema', '$id'];

/** Keywords each kind of schema understands beside the annotations. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['type', 'properties', 'required', 'additionalProperties'],
  array: ['type', 'items', 'minItems', 'maxItems'],
  string: ['type', 'minLength', 'maxLength'],
  integer: ['type'],
  number: ['type'],
  boolean: ['type'],
  null: ['type'],
  enum: ['type', 'enum', 'const'],
  union: ['anyOf', 'oneOf'],
  reference: ['$ref'],
};

/**
 * GBNF for a JSON Schema: objects (members in the order of `properties`, optional ones may be absent), arrays,
 * strings with a length, numbers, booleans, null, `enum`, `const`, `anyOf`/`oneOf`, lists of types, and local `$ref`.
 *
 * @throws ConstitutionError `CX-LM-REQUEST` for a keyword that a grammar cannot hold: answering without it
 *   would promise what is not kept.
 */
export function jsonSchemaGrammar(schema: JsonObject): string {
  const rules: Record<string, string> = { ...JSON_RULES };
  const references = new Map<string, string>();

  const add = (body: string): string => {
    const name = `r${Object.keys(rules).length}`;
    rules[name] = body;
    return name;
  };

  const compile = (node: Json | undefined, path: string): string => {
    if (node === true || node === undefined) return 'value';
    if (!isObject(node)) throw unsupported(path, 'a schema must be an object');
    const kind = kindOf(node, path);
    const known = [...ANNOTATIONS, ...(KEYWORDS[kind] ?? [])];
    const unknown =
      kind === 'any' || kind === 'types' ? undefined : Object.keys(node).find((key) => !known.includes(key));
    if (unknown !== undefined) throw unsupported(`${path}/${unknown}`, `"${unknown}" is not supported here`);
    switch (kind) {
      case 'reference':
        return compileReference(String(node['$ref']), path);
      case 'union':
        return compileUnion(arrayOf(node['anyOf'] ?? node['oneOf']), path);
      case 'types':
        return compileUnion(
          arrayOf(node['type']).map((type) => ({ ...node, type })),
          path,
        );
      case 'enum':
        return add(
          (node['const'] === undefined ? arrayOf(node['enum']) : [node['const']])
            .map((value) => literal(JSON.stringify(value)))
            .join(' | '),
        );
      case 'object':
        return compileObject(node, path);
      case 'array':
        return compileArray(node, path);
      case 'string':
        return compileString(node);
      case 'any':
        return 'value';
      default:
        return kind;
    }
  };

  const compileUnion = (variants: readonly Json[], path: string): string =>
    add(variants.map((variant, index) => compile(variant, `${path}/${index}`)).join(' | '));

  const compileReference = (reference: string, path: string): string => {
    const known = references.get(reference);
    if (known !== undefined) return known;
    const target = reference
      .replace(/^#\/?/, '')
      .split('/')
      .filter(Boolean)
      .reduce<Json | undefined>((node, key) => (isObject(node) ? node[key] : undefined), schema);
    if (!reference.startsWith('#') || target === undefined)
      throw unsupported(path, `"${reference}" leads nowhere`);
    const name = add('');
    references.set(reference, name);
    rules[name] = compile(target, reference);
    return name;
  };

  const compileString = (node: JsonObject): string => {
    const { minLength, maxLength } = node;
    if (minLength === undefined && maxLength === undefined) return 'string';
    return add(`"\\"" char{${minLength ?? 0},${maxLength ?? ''}} "\\""`);
  };

  const compileArray = (node: JsonObject, path: string): string => {
    const item = compile(node['items'], `${path}/items`);
    const min = Number(node['minItems'] ?? 0);
    const max = node['maxItems'] === undefined ? null : Number(node['maxItems']);
    if (max === 0) return add('"[" sp "]"');
    const more = `("," sp ${item}){${Math.max(0, min - 1)},${max === null ? '' : max - 1}}`;
    const items = `${item} ${more}`;
    return add(`"[" sp ${min === 0 ? `(${items})?` : items} sp "]"`);
  };

  const compileObject = (node: JsonObject, path: string): string => {
    const properties = isObject(node['properties']) ? node['properties'] : {};
    const names = Object.keys(properties);
    const required = new Set(arrayOf(node['required']));
    const missing = [...required].find((name) => !names.includes(String(name)));
    if (missing !== undefined)
      throw unsupported(`${path}/required`, `"${missing}" has no schema in "properties"`);
    if (names.length === 0) {
      if (node['additionalProperties'] === false) return add('"{" sp "}"');
      const value = compile(node['additionalProperties'], `${path}/additionalProperties`);
      const member = `string ":" sp ${value}`;
      return add(`"{" sp (${member} ("," sp ${member})*)? sp "}"`);
    }
    // One rule for "nothing written yet" and one for "a comma is due" before each member keeps the grammar linear.
    let first = '""';
    let rest = '""';
    for (const name of [...names].reverse()) {
      const value = compile(properties[name], `${path}/properties/${name}`);
      const member = `${literal(JSON.stringify(name))} ":" sp ${value}`;
      const optional = !required.has(name);
      const nextFirst = optional ? `${member} ${rest} | ${first}` : `${member} ${rest}`;
      const nextRest = optional ? `"," sp ${member} ${rest} | ${rest}` : `"," sp ${member} ${rest}`;
      first = add(nextFirst);
      rest = add(nextRest);
    }
    return add(`"{" sp ${first} sp "}"`);
  };

  return formatGrammar(compile(schema, '#'), rules);
}

function kindOf(node: JsonObject, path: string): string {
  if (node['$ref'] !== undefined) return 'reference';
  if (node['anyOf'] !== undefined || node['oneOf'] !== undefined) return 'union';
  if (node['enum'] !== undefined || node['const'] !== undefined) return 'enum';
  const type = node['type'] ?? (node['properties'] === undefined ? undefined : 'object');
  if (Array.isArray(type)) return 'types';
  if (type === undefined) {
    const constraint = Object.keys(node).find((key) => !ANNOTATIONS.includes(key));
    if (constraint !== undefined)
      throw unsupported(`${path}/${constraint}`, `"${constraint}" is not supported here`);
    return 'any';
  }
  if (
    typeof type !== 'string' ||
    KEYWORDS[type] === undefined ||
    ['enum', 'union', 'reference'].includes(type)
  ) {
    throw unsupported(`${path}/type`, `${JSON.stringify(type)} is not a type`);
  }
  return type;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function arrayOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function unsupported(path: string, problem: string): ConstitutionError {
  return new ConstitutionError(
    'CX-LM-REQUEST',
    `The JSON schema cannot be held by a grammar: ${path}: ${problem}.`,
    {
      hint: 'Leave the keyword out, or check it after the answer has come.',
      details: { param: 'response_format' },
    },
  );
}
