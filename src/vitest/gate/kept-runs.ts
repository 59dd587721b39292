import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, type Json, sha256 } from '../../core/json.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';

/** Where the runs of an unfinished gate are kept, relative to the root. */
export const KEPT_RUNS = '.constitution/kept-runs';

/** What is kept of one run: the run, and {@link runShape} of what made it. */
interface KeptRun {
  readonly shape: string;
  readonly run: PipelineRun;
}

/**
 * The finished runs of a gate that may be interrupted. Every worker appends to a file of its own, one line a run as soon
 * as it has ended: its SHA-256 and its JSON, so that a line which was cut off is passed over, however the process ended.
 */
export class KeptRuns {
  readonly #root: string;
  readonly #file: string;
  readonly #runs: ReadonlyMap<string, PipelineRun>;

  private constructor(root: string, runs: ReadonlyMap<string, PipelineRun>) {
    this.#root = root;
    this.#file = path.join(root, KEPT_RUNS, `${randomUUID()}.jsonl`);
    this.#runs = runs;
  }

  /** @param resume Whether the runs of the last, unfinished gate may be used. */
  static async open(root: string, resume: boolean): Promise<KeptRuns> {
    await mkdir(path.join(root, KEPT_RUNS), { recursive: true });
    return new KeptRuns(root, resume ? await readKept(root) : new Map());
  }

  /**
   * The run that the same things made before; null where there is none, or where the recording that answered it or was
   * written by it is not the same any more.
   *
   * @param shape {@link runShape}.
   */
  async find(shape: string): Promise<PipelineRun | null> {
    const run = this.#runs.get(shape);
    if (run === undefined) return null;
    if (run.recording === null) return run;
    const file = path.join(this.#root, 'eval', 'recordings', run.recording.path);
    const bytes = await readFile(file).catch(() => null);
    return bytes !== null && sha256(bytes) === run.recording.sha256 ? run : null;
  }

  /** Keeps a run that has ended. */
  async add(shape: string, run: PipelineRun): Promise<void> {
    const text = canonicalJson({ shape, run } satisfies KeptRun as unknown as Json);
    await appendFile(this.#file, `${sha256(text)} ${text}\n`);
  }
}

/** How many runs an unfinished gate has left. */
export async function countKept(root: string): Promise<number> {
  return (await readKept(root)).size;
}

/** Removes what was kept: a gate begins anew, or has come to its end. */
export async function forgetKept(root: string): Promise<void> {
  await rm(path.join(root, KEPT_RUNS), { recursive: true, force: true });
}

async function readKept(root: string): Promise<Map<string, PipelineRun>> {
  const folder = path.join(root, KEPT_RUNS);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  const runs = new Map<string, PipelineRun>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const [hash, text] = [line.slice(0, 64), line.slice(65)];
    if (text === '' || sha256(text) !== hash) continue;
    // We wrote it, and nothing has changed it since: the hash says so.
    const { shape, run } = JSON.parse(text) as KeptRun;
    runs.set(shape, run);
  }
  return runs;
}
