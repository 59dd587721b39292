import picomatch from 'picomatch';
import { splitGlobs } from '../core/globs.ts';

/**
 * Compiles a list of globs to source texts of regular expressions: a path is meant where one of them matches it.
 * Each refuses by itself what the list takes away, so that who matches need not know of it.
 */
export function compileGlobs(globs: readonly string[]): string[] {
  const { positive, negative } = splitGlobs(globs);
  const except = negative.map((glob) => `(?!${sourceOf(glob)})`).join('');
  return positive.map((glob) => except + sourceOf(glob));
}

function sourceOf(glob: string): string {
  return picomatch.makeRe(glob, { dot: true }).source;
}
