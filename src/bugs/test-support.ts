import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { loadGate } from '../config/gate.ts';
import { packageRoot } from '../config/package-root.ts';
import { writeNewBug } from './new-bug.ts';
import { Provers } from './prover.ts';
import { type BugRequest, proposeBug } from './request.ts';

/** A function with a bug, its fix, and what its tests assert: arguments and result. */
export const BUGGY =
  'def pages(n, size):\n    """How many pages of a size n things take."""\n    return n // size\n';
export const FIXED = `import math\n\n\n${BUGGY.replace('n // size', 'math.ceil(n / size)')}`;
export const CASES = [
  [1, 5, 1],
  [5, 5, 1],
  [6, 5, 2],
  [11, 5, 3],
  [12, 5, 3],
  [7, 2, 4],
  [9, 4, 3],
  [10, 5, 2],
] as const;
const ASSERTIONS = CASES.map(([n, size, want]) => `    assert pages(${n}, ${size}) == ${want}\n`);
export const TESTS = `from shop.paging import pages\n\ndef test_pages():\n${ASSERTIONS.join('')}`;

const signal = new AbortController().signal;

/** A repository with fixes, and a place for bugs made of them. */
export class Shop {
  readonly folder: string;
  readonly repository: string;
  /** Where bugs are written. */
  readonly base: string;
  #provers: Promise<Provers> | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.repository = path.join(folder, 'repository');
    this.base = path.join(folder, 'bugs');
  }

  static async open(): Promise<Shop> {
    const shop = new Shop(await mkdtemp(path.join(tmpdir(), 'shop-')));
    await mkdir(path.join(shop.repository, 'shop'), { recursive: true });
    await mkdir(path.join(shop.repository, 'tests'));
    await shop.git('init', '--quiet');
    await shop.commit('A shop', { 'shop/paging.py': BUGGY, README: 'A shop.\n' });
    await shop.commit('Count the last, partial page', {
      'shop/paging.py': FIXED,
      'tests/test_paging.py': TESTS,
    });
    return shop;
  }

  async close(): Promise<void> {
    await (await this.#provers)?.stop();
    await rm(this.folder, { recursive: true });
  }

  git(...args: string[]) {
    return execa('git', [
      ...['-C', this.repository, '-c', 'user.name=A', '-c', 'user.email=a@example.org'],
      ...args,
    ]);
  }

  async commit(subject: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(this.repository, name), text);
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '-m', subject);
  }

  /** The commit with a subject. */
  async revision(subject: string): Promise<string> {
    return (await this.git('log', '--format=%H', `--grep=^${subject}$`)).stdout.trim();
  }

  /** Writes a file beside the repository and returns its path. */
  async file(name: string, content: string | Buffer): Promise<string> {
    await writeFile(path.join(this.folder, name), content);
    return path.join(this.folder, name);
  }

  #request(more: Partial<BugRequest>): BugRequest {
    const fixed = { root: packageRoot(), base: this.base, repo: this.repository, signal };
    return { ...fixed, force: false, role: 'coder', seed: 0, ...more };
  }

  /** What would be written, without the proof, which takes some seconds. */
  async propose(more: Partial<BugRequest>) {
    const { proposal, left } = await proposeBug(this.#request(more));
    const { place, description, files, missing } = proposal;
    return { ...description, bug: `${place.role}/${place.id}`, files, missing, left };
  }

  /** Makes a bug, as the command does. */
  async create(more: Partial<BugRequest>) {
    const { root, force } = this.#request(more);
    const { proposal, left } = await proposeBug(this.#request(more));
    this.#provers ??= loadGate(root).then((gate) => Provers.start(root, gate, signal));
    const options = { root, force, signal, note: () => {}, provers: await this.#provers };
    return { ...(await writeNewBug(proposal, options)), left };
  }

  /** A file of a bug that was written. */
  text(id: string, file: string): Promise<string> {
    return readFile(path.join(this.base, 'coder', id, file), 'utf8');
  }

  /** What has been left where bugs are written first. */
  async staged(): Promise<string[]> {
    return (await readdir(this.base).catch(() => [])).filter((name) => name.startsWith('.'));
  }
}
