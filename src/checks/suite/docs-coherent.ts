import { stat } from 'node:fs/promises';
import path from 'node:path';
import { splitGlobs } from '../../core/globs.ts';
import type { SuiteCheck, SuiteResult } from '../check.ts';
import { otherVersionsIn, readLockedVersions } from '../docs-versions.ts';
import { anchorsOf, commandsIn, type DocLink, linksIn, pathsIn } from '../markdown.ts';

/** Documentation that leads nowhere is worse than none. */
export const check: SuiteCheck = {
  description:
    'What Markdown names is there: relative links, anchors, paths, `npm run` commands, and versions that the locks have.',
  options: {
    files: {
      type: 'globs',
      default: ['*.md', 'docs/**/*.md', '!{CHANGELOG,CHANGES,HISTORY}*.md'],
      description:
        'Globs of the Markdown files, relative to the root; what tells of the past names what is gone.',
    },
    made: {
      type: 'globs',
      default: ['.constitution/**', '**/{node_modules,dist,build,coverage,out}/**'],
      description: 'Globs of paths that are made later, or elsewhere: they need not exist.',
    },
    versions: {
      type: 'strings',
      default: [],
      description: 'Versions that may be named although no lock has them, as `<package> <version>`.',
    },
  },
  codes: {
    'CX-DOC-LINK': 'A link leads to a file that does not exist.',
    'CX-DOC-ANCHOR': 'A link leads to a heading that does not exist.',
    'CX-DOC-PATH': 'A path is named that does not exist.',
    'CX-DOC-VERSION': 'A version is named that no lock file has.',
    'CX-DOC-COMMAND': 'A command is named that package.json does not have.',
  },
  async run({ root, source }, options) {
    // Loaded where it is used: every start of vitest would pay for it.
    const { default: glob } = await import('fast-glob');
    const { default: picomatch } = await import('picomatch');
    const files = await glob(options['files'] as string[], { cwd: root, ignore: ['**/node_modules/**'] });
    const scripts = scriptsOf(source('package.json'));
    const locked = await readLockedVersions(root);
    const { positive, negative } = splitGlobs(options['made'] as string[]);
    const made = picomatch([...positive], { dot: true, ignore: [...negative] });
    const results = files.sort().map(async (file): Promise<SuiteResult[]> => {
      const text = source(file) ?? '';
      const links = await Promise.all(linksIn(text).map((link) => judgeLink(file, link, root, source)));
      const paths = await Promise.all(
        pathsIn(text)
          .filter((named) => !made(named.path.replace(/\/$/, '')))
          .map((named) => judgePath(file, named, root)),
      );
      const unknown = commandsIn(text).filter(({ script }) => scripts !== null && !scripts.has(script));
      return [
        ...[...links, ...paths].filter((result) => result !== null),
        ...otherVersionsIn(text, locked, options['versions'] as string[]).map(
          ({ name, version, locked: known, line }) => ({
            code: 'CX-DOC-VERSION',
            values: { name, version, locked: [...known] },
            place: { file, line },
          }),
        ),
        ...unknown.map(({ script, line }) => ({
          code: 'CX-DOC-COMMAND',
          values: { command: `npm run ${script}` },
          place: { file, line },
        })),
      ];
    });
    return (await Promise.all(results)).flat();
  },
};

/** Named from the root, as most documentation does, or from the file that names it. */
async function judgePath(
  file: string,
  { path: named, line }: { readonly path: string; readonly line: number },
  root: string,
): Promise<SuiteResult | null> {
  for (const folder of ['.', path.posix.dirname(file)]) {
    const found = await stat(path.join(root, folder, named)).catch(() => null);
    if (found !== null) return null;
  }
  return { code: 'CX-DOC-PATH', values: { path: named }, place: { file, line } };
}

async function judgeLink(
  file: string,
  { target, line }: DocLink,
  root: string,
  source: (file: string) => string | null,
): Promise<SuiteResult | null> {
  const [written = '', anchor] = target.split('#');
  // As GitHub reads it: from the root with a slash before it, and with what `?` adds left out.
  const name = decoded(written.replace(/\?.*$/, ''));
  const linked =
    name === '' ? file : path.posix.join(name.startsWith('/') ? '.' : path.posix.dirname(file), name);
  const place = { file, line };
  if (name !== '' && (await stat(path.join(root, linked)).catch(() => null)) === null)
    return { code: 'CX-DOC-LINK', values: { target }, place };
  if (anchor === undefined || !linked.endsWith('.md')) return null;
  const known = anchorsOf(source(linked) ?? '');
  return known.has(decoded(anchor)) ? null : { code: 'CX-DOC-ANCHOR', values: { target }, place };
}

/** A link with a `%` that stands for itself names what it says. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Null where there is no package.json that could be held against. */
function scriptsOf(manifest: string | null): Set<string> | null {
  try {
    const { scripts = {} } = JSON.parse(manifest ?? '') as { scripts?: Record<string, string> };
    return new Set(Object.keys(scripts));
  } catch {
    return null;
  }
}
