import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Files of the Python modules below a folder that some modules are made of: those themselves, what they import, and so on,
 * with the `__init__.py` of every package on the way.
 *
 * Import statements are read, nothing is run: a module that is imported by a name made at run time is not found, and one
 * that a docstring says to import is. Modules that do not lie below the folder are left out.
 *
 * @param folder The import root, absolute.
 * @param modules Dotted names, as `package.module`.
 * @returns Paths relative to the folder, with `/`, sorted.
 */
export async function importedModules(folder: string, modules: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const pending = [...modules];
  const seen = new Set(pending);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const { file, text, from } of await filesOf(folder, name)) {
      if (found.has(file)) continue;
      found.add(file);
      for (const imported of importsOf(text, from)) {
        if (!seen.has(imported)) pending.push(imported);
        seen.add(imported);
      }
    }
  }
  return [...found].sort();
}

interface ModuleFile {
  readonly file: string;
  readonly text: string;
  /** The package that its relative imports start from. */
  readonly from: string;
}

/** The file of a module and the `__init__.py` of every package on the way; none of a name that is no module here. */
async function filesOf(folder: string, name: string): Promise<ModuleFile[]> {
  const parts = name.split('.');
  const packages = parts.map((_, index) => parts.slice(0, index + 1));
  const candidates = [
    ...packages.map((own) => ({ file: `${own.join('/')}/__init__.py`, from: own.join('.') })),
    { file: `${parts.join('/')}.py`, from: parentOf(name) },
  ];
  const read = await Promise.all(
    candidates.map(async (one) => {
      const text = await readFile(path.join(folder, one.file), 'utf8').catch(() => null);
      return text === null ? [] : [{ ...one, text }];
    }),
  );
  return read.flat();
}

/** `import a, b as c` and `from a import b, (c, d as e)` wherever a statement may begin. */
const IMPORT =
  /(?:^|[;:])[ \t]*(?:import[ \t]+([^\n;#]+)|from[ \t]+(\.*[\w.]*)[ \t]*import[ \t]*(?:\(((?:[^)#]|#[^\n]*)*)\)|([^\n;#]+)))/gm;

/**
 * Dotted names that a program may import: of `from a import b` both `a` and `a.b`, for `b` may be a module.
 *
 * @param own The package that relative imports start from.
 */
function importsOf(text: string, own: string): string[] {
  const joined = text.replace(/\\\r?\n/g, ' ');
  return [...joined.matchAll(IMPORT)].flatMap(([, plain, from = '', inParentheses, named = '']) => {
    if (plain !== undefined) return namesIn(plain);
    const base = absolute(from, own);
    return [base, ...namesIn(inParentheses ?? named).map((name) => (base === '' ? name : `${base}.${name}`))];
  });
}

/** The names of a list as imports have it, without comments and `as`. */
function namesIn(list: string): string[] {
  return list
    .replace(/#[^\n]*/g, '')
    .split(',')
    .map((part) => part.trim().split(/\s/)[0] ?? '')
    .filter((name) => /^[A-Za-z_][\w.]*$/.test(name));
}

/** `..a` from `p.q` is `p.a`. */
function absolute(name: string, own: string): string {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(name) ?? [];
  if (dots === '') return rest;
  let base = own;
  for (let up = 1; up < dots.length; up++) base = parentOf(base);
  return [base, rest].filter((part) => part !== '').join('.');
}

function parentOf(module: string): string {
  return module.split('.').slice(0, -1).join('.');
}
