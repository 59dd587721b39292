import { locateInSource } from '../core/locate-in-source.ts';

/** Whether a comment stands on a line, or alone on the line above it, that says why. */
export function isExplained(source: string, line: number, pattern: RegExp): boolean {
  const lines = source.split('\n');
  const comment = (text: string | undefined) => /(?:\/\/|\/\*|^\s*\*)(.*)$/.exec(text ?? '')?.[1] ?? '';
  if (pattern.test(comment(lines[line - 1]))) return true;
  for (let above = line - 2; /^\s*(\/\/|\/\*|\*)/.test(lines[above] ?? ''); above--) {
    if (pattern.test(comment(lines[above]))) return true;
  }
  return false;
}

/** Line of a test by its full name in the text of its file; null where it cannot be found. */
export function lineOfTest(source: string, fullName: string): number | null {
  return locateInSource(source, fullName)?.line ?? null;
}
