import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, realpath, rm, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';

/** Folders that tests have no use for: what others wrote, and what is made. */
const LEFT_OUT = new Set([
  ...['.git', '.hg', '.svn', 'node_modules', '.venv', 'venv', '.tox', '.nox', 'site-packages'],
  ...['__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.constitution'],
]);

/** A suite with gigabytes of data is not copied for every run. */
export const MOST_BYTES = 1024 ** 3;

/**
 * Copies the folder of a suite, so that no test can change it. Times of files are kept: Python's compiled files stay valid.
 * Links inside the folder lead into the copy, others to where they led.
 *
 * @throws ConstitutionError CX-PYTEST-SUITE where it holds more than {@link MOST_BYTES}.
 */
export async function copyTree(from: string, to: string, mostBytes = MOST_BYTES): Promise<void> {
  await rm(to, { recursive: true, force: true });
  const copy = new Copy(await realpath(from), to, mostBytes);
  await copy.folder('');
}

class Copy {
  readonly #from: string;
  readonly #to: string;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(from: string, to: string, mostBytes: number) {
    this.#from = from;
    this.#to = to;
    this.#mostBytes = mostBytes;
  }

  async folder(name: string): Promise<void> {
    await mkdir(path.join(this.#to, name), { recursive: true });
    const entries = await readdir(path.join(this.#from, name), { withFileTypes: true });
    const isEnvironment = entries.some((entry) => entry.name === 'pyvenv.cfg');
    if (isEnvironment && name !== '') return;
    await Promise.all(
      entries.map((entry) => {
        const file = path.join(name, entry.name);
        if (LEFT_OUT.has(entry.name)) return undefined;
        if (entry.isDirectory()) return this.folder(file);
        if (entry.isSymbolicLink()) return this.#link(file);
        // Sockets and pipes belong to the processes that made them.
        return entry.isFile() ? this.#file(file) : undefined;
      }),
    );
  }

  async #file(name: string): Promise<void> {
    const [from, to] = [path.join(this.#from, name), path.join(this.#to, name)];
    const { size, atime, mtime } = await lstat(from);
    this.#bytes += size;
    if (this.#bytes > this.#mostBytes) {
      throw new ConstitutionError(
        'CX-PYTEST-SUITE',
        `the folder of the suite holds more than ${this.#mostBytes} bytes, and is copied for every run`,
        {
          place: { file: this.#from },
          hint: 'Name the folder of the tests and their sources, without data and results.',
        },
      );
    }
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await utimes(to, atime, mtime);
  }

  async #link(name: string): Promise<void> {
    const place = path.join(this.#from, name);
    const target = path.resolve(path.dirname(place), await readlink(place));
    const inside = path.relative(this.#from, target);
    const leaves = inside.startsWith('..') || path.isAbsolute(inside);
    const to = path.join(this.#to, name);
    await symlink(leaves ? target : path.relative(path.dirname(to), path.join(this.#to, inside)) || '.', to);
  }
}
