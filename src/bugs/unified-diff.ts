import path from 'node:path';
import { applyPatch, parsePatch, reversePatch, type StructuredPatch } from 'diff';
import { ConstitutionError } from '../core/errors.ts';
import type { Fix } from './commit.ts';
import { isTestFile, readSource, readTree, requireSource, type SourceFiles } from './source-tree.ts';

/** What `git format-patch` writes below a patch; its dashes would be read as a removed line. */
const SIGNATURE = /^-- \n[^\n]*\n*(?=From [0-9a-f]{40} |(?![\s\S]))/gm;

/**
 * Reads a unified diff as a fix. Files are looked up in a repository, which may be in the state before or after the
 * fix; of a file that is not there, or that the diff does not fit, only the lines in the diff are known.
 *
 * @throws ConstitutionError CX-BUG-SOURCE with the place in the diff, where it is none, changes no Python file, or names
 * files outside of the repository.
 */
export async function readDiff(file: string, repository: string | null): Promise<Fix> {
  const text = await requireSource(file);
  const patches = parse(text, file).filter((patch) => nameOf(patch).endsWith('.py'));
  if (patches.length === 0) throw wrong(file, text, '', 'it changes no Python file');
  const after: Record<string, string> = {};
  const before: Record<string, string> = {};
  const missing: string[] = [];
  const partial: string[] = [];
  for (const patch of patches) {
    const name = nameOf(patch);
    if (name.startsWith('/') || name.split('/').includes('..') || name.includes('\0'))
      throw wrong(file, text, name, `it names a file outside of the repository: ${name}`);
    if (patch.newFileName === '/dev/null') continue;
    const known = repository === null ? null : await readSource(path.join(repository, name));
    const sides = sidesOf(patch, known !== null && 'text' in known ? known.text : null);
    if (sides.partial && patch.oldFileName !== '/dev/null') partial.push(name);
    after[name] = sides.after;
    if (patch.oldFileName === '/dev/null') missing.push(name);
    else before[name] = sides.before;
  }
  const names = Object.keys(after);
  const tree: SourceFiles = repository === null ? {} : await readTree(repository);
  return {
    title: subjectOf(text),
    files: { ...tree, ...after },
    before,
    missing,
    programs: names.filter((name) => !isTestFile(name)),
    tests: names.filter(isTestFile),
    partial,
  };
}

function parse(text: string, file: string): StructuredPatch[] {
  try {
    return parsePatch(text.replace(SIGNATURE, ''));
  } catch (cause) {
    throw new ConstitutionError('CX-BUG-SOURCE', `it is no unified diff: ${(cause as Error).message}`, {
      place: { file },
      hint: 'Write one with `git diff` or `git format-patch`.',
      cause,
    });
  }
}

/** The path after the fix (before it, where the fix removes the file), without the `a/` and `b/` of git. */
function nameOf(patch: StructuredPatch): string {
  const name = (patch.newFileName === '/dev/null' ? patch.oldFileName : patch.newFileName) ?? '';
  const prefixed = [patch.oldFileName, patch.newFileName].every((each) =>
    /^([abciow]\/|\/dev\/null$)/.test(each ?? ''),
  );
  return prefixed ? name.replace(/^[abciow]\//, '') : name;
}

/** Both sides of a patch. The reverse goes first: lines that were only added might fit in twice. */
function sidesOf(
  patch: StructuredPatch,
  known: string | null,
): { before: string; after: string; partial: boolean } {
  if (known !== null) {
    const older = applyPatch(known, reversePatch(patch));
    if (older !== false) return { before: older, after: known, partial: false };
    const newer = applyPatch(known, patch);
    if (newer !== false) return { before: known, after: newer, partial: false };
  }
  const lines = patch.hunks.flatMap((hunk) => [...hunk.lines, '']);
  const side = (sign: string) =>
    lines
      .filter((line) => line === '' || line.startsWith(' ') || line.startsWith(sign))
      .map((line) => line.slice(1))
      .join('\n');
  return { before: side('-'), after: side('+'), partial: true };
}

/** The subject of a mailed patch; empty for a plain diff. */
function subjectOf(text: string): string {
  const subject = /^Subject: (?:\[PATCH[^\]]*\] )?(.+)$/m.exec(text.slice(0, 4000))?.[1];
  return subject?.trim() ?? '';
}

function wrong(file: string, text: string, name: string, message: string): ConstitutionError {
  const line = name === '' ? 1 : text.slice(0, Math.max(0, text.indexOf(name))).split('\n').length;
  return new ConstitutionError('CX-BUG-SOURCE', message, {
    place: { file, line },
    hint: 'The diff has to change a Python file of the repository, and its tests.',
  });
}
