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
  if (!source.includes('\r\n')) return withPlugin(source);
  const changed = withPlugin(source.replaceAll('\r\n', '\n'));
  return changed === null || changed === 'present' ? changed : changed.replaceAll('\n', '\r\n');
}

function withPlugin(source: string): string | 'present' | null {
  const code = withoutComments(source);
  if (source.includes(`'${PACKAGE}'`) || source.includes(`"${PACKAGE}"`)) return 'present';
  if (/\brequire\s*\(|module\.exports/.test(code)) return null;
  const body = objectStart(code);
  if (body === null) return null;
  const list = pluginList(source, code, body);
  if (list === 'unclear') return null;
  const withLine =
    list === null
      ? insert(
          source,
          body,
          `${isOneLine(code, body) ? '' : `\n${indentOf(code, body)}`} plugins: [constitution()],`,
        )
      : insert(source, list, 'constitution(), ');
  return insert(withLine, startOfImports(source), IMPORT);
}

/** Whether a configuration has projects written out in it that do not extend it, and so do not get its plugins. */
export function hasOwnProjects(source: string): boolean {
  const code = withoutComments(source);
  return projectsOf(code)
    .filter((at) => code[at] === '{')
    .some((at) => !membersOf(code, at + 1).some((member) => /^extends\s*:/.test(code.slice(member))));
}

/** The globs of folders and configuration files by which a configuration, or a workspace file, names its projects. */
export function projectGlobs(source: string): string[] {
  const code = withoutComments(source);
  return projectsOf(code).flatMap((at) => /^(['"])([^'"\\\n]+)\1/.exec(source.slice(at))?.[2] ?? []);
}

/** Where the members of lists of projects begin. */
function projectsOf(code: string): number[] {
  const lists = code.matchAll(/(?:\b(?:projects|workspace)\s*:|defineWorkspace\s*\(|export\s+default)\s*\[/g);
  return [...lists].flatMap(({ 0: opening, index }) => membersOf(code, index + opening.length));
}

/** Offset behind the brace that opens the configuration. */
function objectStart(code: string): number | null {
  const opening =
    /(?:define(?:Config|Project)\s*\(\s*|export\s+default\s+)(?:(?:async\s*)?\([^()]*\)\s*=>\s*\(\s*)?\{/.exec(
      code,
    );
  return opening === null ? null : opening.index + opening[0].length;
}

/**
 * Offset behind the bracket that opens the list of plugins; null where the object itself has none. It is unclear where
 * they are not a list that stands there, or may come from another object.
 */
function pluginList(source: string, code: string, body: number): number | 'unclear' | null {
  const members = membersOf(code, body);
  const member = members.find((at) => /^(?:async\s+)?(['"]?)plugins\1(?![\w$])/.test(source.slice(at)));
  if (member === undefined) return members.some((at) => code.startsWith('...', at)) ? 'unclear' : null;
  const opening = /^['"]?\s*[\w$]*['"]?\s*:\s*\[/.exec(code.slice(member));
  if (opening === null) return 'unclear';
  const list = member + opening[0].length;
  // Behind the list there is the next member or the end: in `[] as Plugin[]` too, but not in `[a].concat(b)`.
  return /^\](?:\s+(?:as|satisfies)\s+[\w$<>[\]]+)?\s*[,}]/.test(code.slice(endOf(code, list)))
    ? list
    : 'unclear';
}

/** Where the members of an object or a list begin, by the offset behind the bracket that opens it. */
function membersOf(code: string, body: number): number[] {
  const end = endOf(code, body);
  const starts: number[] = [];
  for (let at = body; at < end; at = code[at] === ',' ? at + 1 : at) {
    const start = at + (/^\s*/.exec(code.slice(at))?.[0].length ?? 0);
    if (start < end) starts.push(start);
    at = endOf(code, start, ',');
  }
  return starts;
}

/** Offset of the bracket that closes what is open at an offset, or of a sign before it that stands in no bracket. */
function endOf(code: string, from: number, sign = ''): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    const one = code[at] as string;
    if (depth === 0 && (one === sign || /[}\])]/.test(one))) return at;
    if (/[{[(]/.test(one)) depth++;
    else if (/[}\])]/.test(one)) depth--;
  }
  return code.length;
}

/** Behind what has to stand first in a file: the line for the shell, and directives to the compiler. */
function startOfImports(source: string): number {
  const [head] = /^(?:\s|(?:#!|\/\/)[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(source) as RegExpExecArray;
  const first = [...head.matchAll(/^(?:#!|\/\/\/\s*<)[^\n]*\n?/gm)].at(-1);
  return first === undefined ? 0 : first.index + first[0].length;
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
