/**
 * GBNF rules for any JSON value. White space is at most one space: a grammar that lets a small model write
 * blank lines lets it write them until the token limit.
 */
export const JSON_RULES: Readonly<Record<string, string>> = {
  sp: '" "?',
  char: '[^"\\\\\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  value: 'object | array | string | number | boolean | null',
  member: 'string ":" sp value',
  object: '"{" sp (member ("," sp member)*)? sp "}"',
  array: '"[" sp (value ("," sp value)*)? sp "]"',
};

/** A grammar text of named rules; `root` comes first. */
export function formatGrammar(root: string, rules: Readonly<Record<string, string>>): string {
  const lines = Object.entries(rules).map(([name, body]) => `${name} ::= ${body}`);
  return [`root ::= ${root}`, ...lines].join('\n');
}

/** Any JSON object. */
export const JSON_OBJECT_GRAMMAR = formatGrammar('object', JSON_RULES);

/** A GBNF literal of exactly this text. */
export function literal(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t');
  return `"${escaped}"`;
}
