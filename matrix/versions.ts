import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A vitest that the packed plugin is run under. */
export interface Version {
  /** The line that users know. */
  readonly line: '3.2' | '4.1' | '5';
  /** Exact versions; the Vite is one that this vitest allows. */
  readonly vitest: string;
  readonly vite: string;
  /** The oldest Node that this vitest runs on, as major and minor. */
  readonly node: readonly [number, number];
}

export const VERSIONS: readonly Version[] = [
  { line: '3.2', vitest: '3.2.7', vite: '7.3.8', node: [20, 19] },
  { line: '4.1', vitest: '4.1.12', vite: '7.3.8', node: [20, 19] },
  { line: '5', vitest: '5.1.1', vite: '8.3.8', node: [22, 12] },
];

/** The Node that is fetched where the one at hand is too old for a vitest. */
export const NEWER_NODE = '22.23.3';

export const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const MATRIX = path.join(REPOSITORY, '.constitution', 'matrix');

/** Git-ignored folders of the matrix, absolute. */
export const FOLDERS = {
  /** Holds the tarball and nothing else. */
  package: path.join(MATRIX, 'package'),
  /** Holds a Node of its own, where one is needed. */
  node: path.join(MATRIX, 'node'),
  /** Where a version and the plugin are installed, and its little projects run. */
  installed: ({ line }: Version) => path.join(MATRIX, `vitest-${line}`),
} as const;

/** The Node binary that a version is run with. */
export function nodeFor({ node: [major, minor] }: Version): string {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return process.execPath;
  return path.join(
    FOLDERS.node,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
}
