import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { clean, type PlacedProject, type Run, readRuns } from './run-vitest.ts';
import { FOLDERS, nodeFor } from './versions.ts';

/** A vitest that watches a placed project. Nothing here waits for a time: every step waits for what is printed. */
export class WatchedVitest {
  readonly #project: PlacedProject;
  readonly #child;
  readonly #ended: Promise<never>;
  #printed = '';
  #runs = 0;
  #wake: () => void = () => {};

  constructor(project: PlacedProject) {
    this.#project = project;
    const vitest = path.join(FOLDERS.installed(project.version), 'node_modules', 'vitest', 'vitest.mjs');
    const reporters = ['default', './result-reporter.mjs'].map((name) => `--reporter=${name}`);
    this.#child = execa(nodeFor(project.version), [vitest, '--watch', ...reporters], {
      cwd: project.root,
      env: { ...project.env, MATRIX_TELL: '1' },
      reject: false,
      stdin: 'ignore',
      // Both streams are read: a full pipe would stop the child.
      buffer: false,
      all: true,
    });
    this.#child.all.on('data', (data: Buffer) => {
      this.#printed += data.toString();
      this.#wake();
    });
    this.#ended = this.#child.then(() => {
      throw new Error(`vitest has ended:\n${this.#printed}`);
    });
    this.#ended.catch(() => {});
  }

  /** The next run, when it has ended and `lines` of the constitution (0 without the plugin) stand for it. */
  async nextRun(lines: number): Promise<Run> {
    this.#runs++;
    const count = (pattern: RegExp) => this.printed.match(pattern)?.length ?? 0;
    await this.#until(() => count(/^@run$/gm) >= this.#runs && count(TABLE) >= this.#runs * lines);
    const run = (await readRuns(this.#project))[this.#runs - 1];
    if (run === undefined) throw new Error('a run was told of and not written');
    return run;
  }

  /** Waits until something has been printed. */
  async tells(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.printed));
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await Promise.race([
        this.#ended,
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
    }
  }

  /** Changes a file of the project as an editor does. */
  async edit(name: string, change: (text: string) => string): Promise<void> {
    const file = path.join(this.#project.root, name);
    const before = await readFile(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${name} is left as it is`);
    await writeFile(file, after);
  }

  /** All that was printed so far. */
  get printed(): string {
    return clean(this.#project, this.#printed);
  }

  /** First lines of the tables so far. */
  get tables(): string[] {
    return this.printed.match(TABLE) ?? [];
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#child;
  }
}

const TABLE = /^ Constitution .*$/gm;
