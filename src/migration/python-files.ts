import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';

/** Folders that hold what others wrote, or what is made. */
const IGNORED = new Set(['node_modules', '.git', '.venv', 'venv', 'site-packages', '__pycache__']);

/** The Python files at a place, and what there is no reading. */
export interface PythonFiles {
  /** The folder that all names are relative to. */
  readonly base: string;
  /** In order, `/` as separator. */
  readonly files: readonly string[];
  readonly faults: readonly { readonly file: string; readonly message: string }[];
}

/**
 * A file, or every `*.py` below a folder. A link to a file is read where that lies elsewhere; one to a folder is not followed,
 * and one that leads in circles or to nothing is a fault.
 *
 * @throws ConstitutionError CX-CONFIG-MISSING where there is nothing at the place.
 */
export async function pythonFilesAt(place: string): Promise<PythonFiles> {
  const found = await stat(place).catch((error: unknown) => {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'there is nothing to scan', {
      place: { file: place },
      hint: 'Name a Python file, or a folder that holds some.',
      cause: error,
    });
  });
  if (!found.isDirectory()) {
    const [base, file] = [path.dirname(place), path.basename(place)];
    const faults = found.isFile() ? [] : [{ file, message: 'not a file' }];
    return { base, files: found.isFile() ? [file] : [], faults };
  }
  const walk = new Walk(place, await realpath(place));
  await walk.folder('');
  walk.files.sort();
  return { base: place, files: walk.files, faults: walk.faults };
}

class Walk {
  readonly files: string[] = [];
  readonly faults: { file: string; message: string }[] = [];
  readonly #base: string;
  readonly #real: string;

  constructor(base: string, real: string) {
    this.#base = base;
    this.#real = real;
  }

  async folder(name: string): Promise<void> {
    const entries = await readdir(path.join(this.#base, name), { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => this.#fault(name === '' ? '.' : name, `${error.code}`),
    );
    for (const entry of entries ?? []) {
      if (!IGNORED.has(entry.name)) await this.#entry(path.posix.join(name, entry.name), entry);
    }
  }

  async #entry(file: string, entry: Dirent): Promise<void> {
    if (entry.isDirectory()) return this.folder(file);
    if (entry.isSymbolicLink()) return this.#link(file);
    if (!file.endsWith('.py')) return;
    if (entry.isFile()) this.files.push(file);
    else this.#fault(file, 'not a file');
  }

  async #link(file: string): Promise<void> {
    const place = path.join(this.#base, file);
    let target: string;
    try {
      target = await realpath(place);
    } catch (error) {
      const circular = (error as NodeJS.ErrnoException).code === 'ELOOP';
      if (circular || file.endsWith('.py'))
        this.#fault(file, circular ? 'a link that leads to itself' : 'a link to nothing');
      return;
    }
    if ((await lstat(target)).isDirectory()) {
      const around = await realpath(path.dirname(place));
      if (within(target, around)) this.#fault(file, 'a link to a folder that it lies in');
    } else if (file.endsWith('.py') && !within(this.#real, target)) {
      this.files.push(file);
    }
  }

  #fault(file: string, message: string): undefined {
    this.faults.push({ file, message });
  }
}

function within(folder: string, place: string): boolean {
  return place === folder || place.startsWith(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`);
}
