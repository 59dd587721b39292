import type { Scalar } from 'yaml';

/** A sign of a value, but for white space, as its file spells it. */
const SIGN = /\S/g;
const SPELLINGS: Readonly<Record<string, RegExp>> = {
  QUOTE_SINGLE: /''|\S/g,
  QUOTE_DOUBLE: /\\(?:x.{2}|u.{4}|U.{8}|\s|.)|\S/g,
};

/** Escapes of double quotes that stand for white space, or for nothing. */
const BLANK = /^\\(?:[\sntrvfNLP_]|x(?:09|0[aAdD]|20)$)/;

/**
 * Where a sign of a text in YAML stands in its file. The forms of YAML fold, indent and escape; what they leave in its order is
 * every sign that is not white space.
 *
 * @param offset In the value, 0-based; the end of the value is the place after its last sign.
 * @returns the offset in the file; the beginning of the value where it has no such form.
 */
export function offsetInScalar(file: string, node: Scalar.Parsed, offset: number): number {
  const [start, end] = node.range;
  if (typeof node.value !== 'string') return start;
  const [from, to] = insideOf(file.slice(start, end), node.type);
  const inside = file.slice(start + from, start + to);
  let before = node.value.slice(0, offset).replace(/\s/g, '').length;
  let after = 0;
  for (const { 0: sign, index } of inside.matchAll(SPELLINGS[node.type ?? ''] ?? SIGN)) {
    if (BLANK.test(sign)) continue;
    if (before-- === 0) return start + from + index;
    after = index + sign.length;
  }
  return start + from + after;
}

/** Where the value stands in what spells it: without quotes, and without the line of `|` or `>`. */
function insideOf(spelt: string, type: Scalar.Parsed['type']): [from: number, to: number] {
  if (type?.startsWith('BLOCK')) return [spelt.indexOf('\n') + 1, spelt.length];
  return type?.startsWith('QUOTE') ? [1, spelt.length - 1] : [0, spelt.length];
}
