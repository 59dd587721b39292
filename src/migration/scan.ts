import type { UseFinding } from '../core/api-uses.ts';
import { UseMatcher } from '../core/use-matcher.ts';
import type { Comparison } from './compare.ts';
import { pythonFilesAt } from './python-files.ts';
import { PythonReader, type ReadFile } from './python-reader.ts';

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

/** Finds in Python programs what changed. Nothing of them is executed. */
export class Scanner {
  readonly #reader: PythonReader;
  readonly #matcher: UseMatcher;

  constructor(comparison: Comparison, { defaults = false, ...options }: ScanOptions) {
    this.#reader = new PythonReader({ environment: comparison.environment, ...options });
    this.#matcher = new UseMatcher({ ...comparison, defaults });
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
    const rows = await this.#reader.read({ root: base, files });
    const found = [
      ...rows
        .map((row) => this.#judge(row))
        .filter(({ findings, fault }) => findings.length > 0 || fault !== null),
      ...faults.map(({ file, message }) => ({ file, findings: [], fault: faultOf(message, null) })),
    ];
    return { base, read: files, files: found.sort((a, b) => (a.file < b.file ? -1 : 1)) };
  }

  /** As {@link scan}, for other texts of files below a folder, by their names. A row for each, in order. */
  async scanTexts(root: string, texts: Readonly<Record<string, string>>): Promise<ScannedFile[]> {
    return (await this.#reader.read({ root, texts })).map((row) => this.#judge(row));
  }

  #judge(row: ReadFile): ScannedFile {
    return 'fault' in row
      ? { file: row.file, findings: [], fault: faultOf(row.fault.message, row.fault.line) }
      : { file: row.file, findings: this.#matcher.match(row.uses), fault: null };
  }
}

function faultOf(message: string, line: number | null): FileFault {
  return { code: 'CX-MIGRATION-UNREADABLE', message, line };
}
