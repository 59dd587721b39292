import { existsSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import glob from 'fast-glob';
import { z } from 'zod';
import { runCommand } from '../bridge/environments/run-command.ts';
import { type ApiUse, type UseFinding, UseMatcher } from '../core/api-uses.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { Comparison } from './compare.ts';
import { migrationScript, PACKAGE } from './read-api.ts';

/** For one process that reads its part of the files. */
const TIMEOUT_MS = 300_000;
/** Folders that hold what others wrote, or what is made. */
const IGNORED = [
  '**/node_modules/**',
  '**/.git/**',
  '**/.venv/**',
  '**/venv/**',
  '**/site-packages/**',
  '**/__pycache__/**',
];

const span = z.tuple([z.int(), z.int()]);
const useSchema = z.object({
  path: z.string(),
  member: z.string().nullable(),
  form: z.enum(['import', 'from', 'attribute', 'call', 'member', 'named']),
  line: z.int(),
  column: z.int(),
  spans: z.record(z.string(), span),
  alias: z.string().nullable(),
  arguments: z.array(z.object({ name: z.string(), line: z.int(), column: z.int(), cut: span })),
  guarded: z.boolean(),
});
const lineSchema = z.union([
  z.object({ file: z.string(), uses: z.array(useSchema) }),
  z.object({
    file: z.string(),
    fault: z.object({ message: z.string(), line: z.int().nullable() }),
  }),
]);

/** What was found in one file. JSON-safe. */
export interface ScannedFile {
  /** Relative to the folder that was scanned, `/` as separator. */
  readonly file: string;
  readonly findings: readonly UseFinding[];
  /** Why the file could not be read as a program; null where it could. */
  readonly fault: { readonly message: string; readonly line: number | null } | null;
}

/** Reads Python programs, in as many processes as there are cores. Nothing of them is executed. */
export class Scanner {
  readonly #environment: PythonEnvironment;
  readonly #matcher: UseMatcher;
  readonly #signal: AbortSignal;

  constructor({ environment, before, changes, hints }: Comparison, signal: AbortSignal) {
    this.#environment = environment;
    this.#matcher = new UseMatcher(before, changes, hints);
    this.#signal = signal;
  }

  /**
   * Scans a file, or every `*.py` below a folder; links to folders are not followed.
   *
   * @returns a row for each file with findings or a fault, in order, and the number of files read.
   * @throws ConstitutionError CX-CONFIG-MISSING where there is nothing at the place, CX-MIGRATION-SCAN, CX-RUN-CANCELLED.
   */
  async scan(
    place: string,
  ): Promise<{ readonly base: string; readonly read: number; readonly files: ScannedFile[] }> {
    const { base, files } = await filesAt(place);
    const share = Math.ceil(files.length / os.availableParallelism());
    const parts = Array.from({ length: Math.ceil(files.length / share) || 0 }, (_, part) =>
      files.slice(part * share, (part + 1) * share),
    );
    const rows = await Promise.all(parts.map((part) => this.#ask({ root: base, files: part })));
    const found = rows.flat().filter(({ findings, fault }) => findings.length > 0 || fault !== null);
    return { base, read: files.length, files: found };
  }

  /** As {@link scan}, for the text of one file. */
  async scanText(file: string, text: string): Promise<ScannedFile> {
    const [row] = await this.#ask({ texts: { [file]: text } });
    return row as ScannedFile;
  }

  async #ask(request: object): Promise<ScannedFile[]> {
    const text = await runCommand(this.#environment.python, [migrationScript()], {
      env: this.#environment.processEnv,
      input: JSON.stringify({ do: 'uses', package: PACKAGE, ...request }),
      signal: this.#signal,
      timeoutMs: TIMEOUT_MS,
      failure: { code: 'CX-MIGRATION-SCAN', message: 'the Python files cannot be read' },
    });
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const row = lineSchema.parse(JSON.parse(line));
        return 'fault' in row
          ? { file: row.file, findings: [], fault: row.fault }
          : { file: row.file, findings: this.#matcher.match(row.uses satisfies ApiUse[]), fault: null };
      });
  }
}

async function filesAt(place: string): Promise<{ base: string; files: string[] }> {
  if (!existsSync(place)) {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'there is nothing to scan', {
      place: { file: place },
      hint: 'Name a Python file, or a folder that holds some.',
    });
  }
  if (statSync(place).isFile()) return { base: path.dirname(place), files: [path.basename(place)] };
  const options = {
    cwd: place,
    dot: true,
    followSymbolicLinks: false,
    ignore: IGNORED,
    suppressErrors: true,
  };
  return { base: place, files: (await glob('**/*.py', options)).sort() };
}
