import os from 'node:os';
import { z } from 'zod';
import type { ApiUse } from '../core/api-uses.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { ConstitutionError } from '../core/errors.ts';
import { askPython } from './ask-python.ts';
import { PACKAGE } from './read-api.ts';

/** Files that one process reads. */
const SHARE = 500;
/** For one process. It gives up by itself what takes too long, unless Python's own parser does. */
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
  module: span.nullable(),
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

/** What Python read in one file. */
export type ReadFile = z.infer<typeof lineSchema>;

export interface PythonReaderOptions {
  readonly environment: PythonEnvironment;
  readonly signal: AbortSignal;
  readonly secondsPerFile?: number;
}

/** Files by name: below a folder, or with their texts. What they import is looked for below the root, where there is one. */
export type ReadRequest =
  | { readonly root: string; readonly files: readonly string[] }
  | { readonly root?: string; readonly texts: Readonly<Record<string, string>> };

/**
 * Has Python read programs, in as many processes as there are cores. A file that is the end of such a process is a fault, and
 * the others are read by another one.
 */
export class PythonReader {
  readonly #options: PythonReaderOptions;

  constructor(options: PythonReaderOptions) {
    this.#options = options;
  }

  /**
   * @returns a row for each file, in order.
   * @throws ConstitutionError CX-MIGRATION-SCAN, CX-RUN-CANCELLED.
   */
  async read(request: ReadRequest): Promise<ReadFile[]> {
    const files = 'texts' in request ? Object.keys(request.texts) : request.files;
    const cores = os.availableParallelism();
    const share = Math.max(1, Math.min(SHARE, Math.ceil(files.length / cores)));
    const parts = Array.from({ length: Math.ceil(files.length / share) }, (_, part) =>
      files.slice(part * share, (part + 1) * share),
    );
    const rows: ReadFile[][] = [];
    let next = 0;
    const work = async () => {
      for (let part = next++; part < parts.length; part = next++)
        rows[part] = await this.#readPart(request, parts[part] as string[]);
    };
    await Promise.all(Array.from({ length: Math.min(cores, parts.length) }, work));
    return rows.flat();
  }

  async #readPart(request: ReadRequest, files: readonly string[]): Promise<ReadFile[]> {
    const rows: ReadFile[] = [];
    while (rows.length < files.length) {
      const { read, ended } = await this.#ask(request, files.slice(rows.length));
      rows.push(...read);
      const file = files[rows.length];
      if (file !== undefined)
        rows.push({ file, fault: { message: `Python ended while it read this (${ended})`, line: null } });
    }
    return rows;
  }

  /** What one process read, and the signal that it ended with. */
  async #ask(
    request: ReadRequest,
    files: readonly string[],
  ): Promise<{ readonly read: ReadFile[]; readonly ended: string | null }> {
    const { environment, signal, secondsPerFile } = this.#options;
    const what =
      'texts' in request
        ? { texts: Object.fromEntries(files.map((file) => [file, request.texts[file]])) }
        : { files };
    const limit = secondsPerFile === undefined ? {} : { secondsPerFile };
    try {
      const failure = { code: 'CX-MIGRATION-SCAN', message: 'the Python files cannot be read' } as const;
      const asked = { do: 'uses', package: PACKAGE, root: request.root, ...limit, ...what } as const;
      const text = await askPython(environment, asked, { signal, timeoutMs: TIMEOUT_MS, failure });
      return { read: rowsIn(text), ended: null };
    } catch (error) {
      const killed = error instanceof ConstitutionError && error.code === 'CX-MIGRATION-SCAN';
      const { signal: ended, stdout } = (killed ? error.cause : {}) as { signal?: string; stdout?: string };
      if (ended === undefined) throw error;
      return { read: rowsIn(wholeLines(stdout ?? '')), ended };
    }
  }
}

/** The last line may not have been written to its end; a line end behind it is not kept. */
function wholeLines(text: string): string {
  const end = text.lastIndexOf('\n') + 1;
  try {
    JSON.parse(text.slice(end));
    return text;
  } catch {
    return text.slice(0, end);
  }
}

function rowsIn(text: string): ReadFile[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const row = lineSchema.parse(JSON.parse(line));
      return 'uses' in row ? { ...row, uses: row.uses satisfies ApiUse[] } : row;
    });
}
