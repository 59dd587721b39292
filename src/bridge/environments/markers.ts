import { compareVersions, satisfies } from '../../core/python-version.ts';

const TOKEN = /\s*(\(|\)|'[^']*'|"[^"]*"|===|==|!=|<=|>=|~=|<|>|[A-Za-z_][A-Za-z0-9_.]*)/y;
const VERSIONS = new Set(['python_version', 'python_full_version', 'implementation_version']);

/**
 * Evaluates an environment marker as locks have it (PEP 508): `sys_platform == 'win32' and python_full_version < '3.11'`.
 * An unknown variable is the empty string; text that is no marker counts as true, so that a package is never taken for
 * superfluous by mistake.
 */
export function evaluateMarker(marker: string, values: Readonly<Record<string, string>>): boolean {
  const tokens = tokenize(marker);
  if (tokens === null) return true;
  let at = 0;
  const next = () => tokens[at++] ?? '';

  const operand = (): { text: string; variable: string | null } => {
    const token = next();
    if (/^['"]/.test(token)) return { text: token.slice(1, -1), variable: null };
    return { text: values[token] ?? '', variable: token };
  };
  const comparison = (): boolean => {
    if (tokens[at] === '(') {
      at++;
      const inner = either();
      at++;
      return inner;
    }
    const left = operand();
    let operator = next();
    if (operator === 'not') operator = `not ${next()}`;
    const right = operand();
    return compare(left, operator, right);
  };
  const both = (): boolean => {
    let result = comparison();
    while (tokens[at] === 'and') {
      at++;
      // Both sides are read even where the first decides: reading moves on.
      result = comparison() && result;
    }
    return result;
  };
  const either = (): boolean => {
    let result = both();
    while (tokens[at] === 'or') {
      at++;
      result = both() || result;
    }
    return result;
  };
  return either();
}

interface Operand {
  readonly text: string;
  readonly variable: string | null;
}

function compare(left: Operand, operator: string, right: Operand): boolean {
  if (operator === 'in') return right.text.includes(left.text);
  if (operator === 'not in') return !right.text.includes(left.text);
  if (left.variable !== null && VERSIONS.has(left.variable))
    return satisfies(left.text, `${operator}${right.text}`);
  if (right.variable !== null && VERSIONS.has(right.variable)) {
    const order = compareVersions(left.text, right.text);
    return ordered(order, operator);
  }
  return ordered(left.text < right.text ? -1 : left.text > right.text ? 1 : 0, operator);
}

function ordered(order: number, operator: string): boolean {
  if (operator === '==' || operator === '===') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator.startsWith('<')) return order < 0 || (operator === '<=' && order === 0);
  return order > 0 || (operator !== '>' && order === 0);
}

function tokenize(marker: string): string[] | null {
  const tokens: string[] = [];
  const text = marker.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    tokens.push(match[1] as string);
  }
  return tokens.length === 0 ? null : tokens;
}
