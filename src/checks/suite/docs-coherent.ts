import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { SuiteCheck, SuiteResult } from '../check.ts';
import { anchorsOf, commandsIn, type DocLink, linksIn } from '../markdown.ts';

/** Documentation that leads nowhere is worse than none. */
export const check: SuiteCheck = {
  description: 'Relative links, anchors and `npm run` commands named in Markdown exist.',
  options: {
    files: {
      type: 'globs',
      default: ['*.md', 'docs/**/*.md'],
      description: 'Globs of the Markdown files, relative to the root.',
    },
  },
  codes: {
    'CX-DOC-LINK': 'A link leads to a file that does not exist.',
    'CX-DOC-ANCHOR': 'A link leads to a heading that does not exist.',
    'CX-DOC-COMMAND': 'A command is named that package.json does not have.',
  },
  async run({ root, source }, options) {
    // Loaded where it is used: every start of vitest would pay for it.
    const { default: glob } = await import('fast-glob');
    const files = await glob(options['files'] as string[], { cwd: root, ignore: ['**/node_modules/**'] });
    const scripts = scriptsOf(source('package.json'));
    const results = files.sort().map(async (file): Promise<SuiteResult[]> => {
      const text = source(file) ?? '';
      const links = await Promise.all(linksIn(text).map((link) => judgeLink(file, link, root, source)));
      const unknown = commandsIn(text).filter(({ script }) => scripts !== null && !scripts.has(script));
      return [
        ...links.filter((result) => result !== null),
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

async function judgeLink(
  file: string,
  { target, line }: DocLink,
  root: string,
  source: (file: string) => string | null,
): Promise<SuiteResult | null> {
  const [name = '', anchor] = target.split('#');
  const linked = name === '' ? file : path.posix.join(path.posix.dirname(file), decodeURI(name));
  const place = { file, line };
  if (name !== '' && (await stat(path.join(root, linked)).catch(() => null)) === null)
    return { code: 'CX-DOC-LINK', values: { target }, place };
  if (anchor === undefined || !linked.endsWith('.md')) return null;
  const known = anchorsOf(source(linked) ?? '');
  return known.has(anchor) ? null : { code: 'CX-DOC-ANCHOR', values: { target }, place };
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
