import { withoutComments } from '../../core/source-text.ts';

/** The name that the plugin is imported by. */
const PACKAGE = 'vitest-constitution';
const IMPORT = `import { constitution } from '${PACKAGE}';\n`;

/** A configuration where the suite has none. */
export const NEW_CONFIG = `${IMPORT}import { defineConfig } from 'vitest/config';

export default defineConfig({ plugins: [constitution()] });
`;

/**
 * Adds the plugin to the text of a configuration: an import, and one line.
 *
 * @returns the new text; `present` where the plugin is there already; null where the text has a form that is not
 *   understood, which is then left to its owner.
 */
export function addPlugin(source: string): string | 'present' | null {
  const code = withoutComments(source);
  if (source.includes(`'${PACKAGE}'`) || source.includes(`"${PACKAGE}"`)) return 'present';
  if (/\brequire\s*\(|module\.exports/.test(code)) return null;
  const body = objectStart(code);
  if (body === null) return null;
  const list = pluginList(code, body);
  const withLine =
    list === null
      ? insert(
          source,
          body,
          `${isOneLine(code, body) ? '' : `\n${indentOf(code, body)}`} plugins: [constitution()],`,
        )
      : insert(source, list, 'constitution(), ');
  return IMPORT + withLine;
}

/** Offset behind the brace that opens the configuration. */
function objectStart(code: string): number | null {
  const opening =
    /(?:defineConfig\s*\(\s*|export\s+default\s+)(?:(?:async\s*)?\([^()]*\)\s*=>\s*\(\s*)?\{/.exec(code);
  return opening === null ? null : opening.index + opening[0].length;
}

/** Offset behind the bracket that opens the list of plugins, if the object has one itself and not in a part of it. */
function pluginList(code: string, body: number): number | null {
  const member = /plugins\s*:\s*\[/y;
  for (let at = body, depth = 0; at < code.length && depth >= 0; at++) {
    if (/[{[(]/.test(code[at] as string)) depth++;
    else if (/[}\])]/.test(code[at] as string)) depth--;
    member.lastIndex = at;
    if (depth === 0 && member.test(code) && !/[\w$.]/.test(code[at - 1] as string)) return member.lastIndex;
  }
  return null;
}

function isOneLine(code: string, offset: number): boolean {
  return !/^[ \t]*\n/.test(code.slice(offset));
}

/** Indentation of the line after an offset, without its last space: the inserted text brings one. */
function indentOf(code: string, offset: number): string {
  const [, indent = '  '] = /^[ \t]*\n([ \t]*)/.exec(code.slice(offset)) ?? [];
  return indent.slice(0, -1);
}

function insert(text: string, offset: number, addition: string): string {
  return text.slice(0, offset) + addition + text.slice(offset);
}
