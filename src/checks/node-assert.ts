import { withoutComments } from '../core/source-text.ts';

/** A default import, or what stands for one: `strict` and `default` by name, and what `require` returns. */
const IMPORTS = [
  /\bimport\s+([\w$]+)\s*(?:,\s*\{[^}]*\}\s*)?from\s*['"](?:node:)?assert(?:\/strict)?['"]/g,
  /\bimport\s+[^;'"]*?\b(?:(?:strict|default)\s+as\s+([\w$]+)|(strict))\b[^;'"]*?from\s*['"](?:node:)?assert(?:\/strict)?['"]/g,
  /\b([\w$]+)\s*=\s*(?:await\s+import|require)\s*\(\s*['"](?:node:)?assert(?:\/strict)?['"]/g,
];

/** Whether a file calls node's `assert` itself, as in `assert(value)`: no module can be seen to be called so. */
export function callsNodeAssert(source: string): boolean {
  if (!source.includes('assert')) return false;
  const code = withoutComments(source);
  const names = IMPORTS.flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, own, named]) => own ?? named),
  );
  return names.some(
    (name) => name && new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\s*\\(`).test(code),
  );
}
