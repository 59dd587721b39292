import os from 'node:os';
import { z } from 'zod';
import { runCommand } from '../bridge/environments/run-command.ts';
import type { ApiUse, UseFinding } from '../core/api-uses.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { UseMatcher } from '../core/use-matcher.ts';
import type { Comparison } from './compare.ts';
import { pythonFilesAt } from './python-files.ts';
import { migrationScript, PACKAGE } from './read-api.ts';

/** For one process that reads its part of the files. */
const TIMEOUT_MS = 300_000;

const span = z.tuple([z.int(), z.int()]);
const useSchema = z.object({
  path: z.string(),
  member: z.string().nullable(),
  form: z.enum(['import', 'from', 'attribute', 'call', 'member', 'named']),
  line: z.int(),
  column: z.int(),
  spans: z.record(z.string(), span.nullable()),
  alias: z.string().nullable(),
  arguments: z.array(
    z.object({ name: z.string().nullable(), line: z.int(), column: z.int(), cut: span.nullable() }),
  ),
  unpacks: z.boolean().nullable(),
  guarded: z.boolean(),
});
const lineSchema = z.union([
  z.object({ file: z.string(), uses: z.array(useSchema) }),
  z.object({
    file: z.string(),
    fault: z.object({ message: z.string(), line: z.int().nullable() }),
  }),
]);

/** Why a file could not be read as a program. */
export interface FileFault {
  readonly code: 'CX-MIGRATION-UNREADABLE';
  readonly message: string;
  readonly line: number | null;
}

/** What was found in one file. JSON-safe. */
export interface ScannedFile {
  /** Relative to the folder that was scanned, `/` as separator. */
  readonly file: string;
  readonly findings: readonly UseFinding[];
  /** Null where the file could be read as a program. */
  readonly fault: FileFault | null;
}

export interface ScanOptions {
  readonly signal: AbortSignal;
  /** Tells calls that leave out an argument whose default changed as well. */
  readonly defaults?: boolean;
  /** A file that takes longer is a fault; 20 by default. */
  readonly secondsPerFile?: number;
}

/** Reads Python programs, in as many processes as there are cores. Nothing of them is executed. */
export class Scanner {
  readonly #environment: PythonEnvironment;
  readonly #matcher: UseMatcher;
  readonly #signal: AbortSignal;
  readonly #limit: { readonly secondsPerFile?: number };

  constructor(comparison: Comparison, { signal, defaults = false, secondsPerFile }: ScanOptions) {
    this.#environment = comparison.environment;
    this.#matcher = new UseMatcher({ ...comparison, defaults });
    this.#signal = signal;
    this.#limit = secondsPerFile === undefined ? {} : { secondsPerFile };
  }

  /**
   * Scans a file, or every `*.py` below a folder.
   *
   * @returns the files read, and a row for each with findings or a fault, in order.
   * @throws ConstitutionError CX-CONFIG-MISSING where there is nothing at the place, CX-MIGRATION-SCAN, CX-RUN-CANCELLED.
   */
  async scan(
    place: string,
  ): Promise<{ readonly base: string; readonly read: readonly string[]; readonly files: ScannedFile[] }> {
    const { base, files, faults } = await pythonFilesAt(place);
    const share = Math.ceil(files.length / os.availableParallelism());
    const parts = Array.from({ length: Math.ceil(files.length / share) || 0 }, (_, part) =>
      files.slice(part * share, (part + 1) * share),
    );
    const rows = await Promise.all(parts.map((part) => this.#ask({ root: base, files: part })));
    const found = [
      ...rows.flat().filter(({ findings, fault }) => findings.length > 0 || fault !== null),
      ...faults.map(({ file, message }) => ({ file, findings: [], fault: faultOf(message, null) })),
    ];
    return { base, read: files, files: found.sort((a, b) => (a.file < b.file ? -1 : 1)) };
  }

  /** As {@link scan}, for the text of one file. */
  async scanText(file: string, text: string): Promise<ScannedFile> {
    const [row] = await this.#ask({ texts: { [file]: text } });
    return row as ScannedFile;
  }

  async #ask(request: object): Promise<ScannedFile[]> {
    const text = await runCommand(this.#environment.python, [migrationScript()], {
      env: this.#environment.processEnv,
      input: JSON.stringify({ do: 'uses', package: PACKAGE, ...this.#limit, ...request }),
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
          ? { file: row.file, findings: [], fault: faultOf(row.fault.message, row.fault.line) }
          : { file: row.file, findings: this.#matcher.match(row.uses satisfies ApiUse[]), fault: null };
      });
  }
}

function faultOf(message: string, line: number | null): FileFault {
  return { code: 'CX-MIGRATION-UNREADABLE', message, line };
}
