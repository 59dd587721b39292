import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BugFinding } from '../core/bug-proof.ts';
import type { LmExchange } from '../core/lm-exchange.ts';
import { type BugSecrets, type Leak, leaksIn, promptHolds } from '../core/prompt-leak.ts';
import { readRecording } from '../gateway/recording-file.ts';

/** Where the gateway keeps recordings, relative to the root: `<role>/<id>/<pipeline>@<environment>.<repeat>.json`. */
const RECORDINGS = path.join('eval', 'recordings');
/** Other bugs whose prompts tell what every prompt holds. */
const NEIGHBOURS = 3;
const HINT =
  'Change the pipeline or the worked example that shows it, or the bug, and record the bug again with `npm run gate -- --lm=record`.';

export interface PromptSearch {
  readonly recordings: number;
  readonly requests: number;
  readonly findings: readonly BugFinding[];
}

/** Searches the recorded prompts of bugs for their fixes and hidden tests. */
export class Prompts {
  readonly #root: string;
  readonly #read = new Map<string, Promise<ReadonlyMap<string, readonly LmExchange[]>>>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Looks through every recording of a bug. {@link leaksIn} says what is compared.
   *
   * @param key `<role>/<id>`.
   * @throws ConstitutionError CX-RECORDING-INVALID
   */
  async search(key: string, secrets: BugSecrets): Promise<PromptSearch> {
    const recordings = await this.#exchanges(key);
    const findings: BugFinding[] = [];
    let requests = 0;
    for (const [file, exchanges] of recordings) {
      requests += exchanges.length;
      for (const leak of leaksIn(exchanges, secrets)) {
        if (leak.certain || !(await this.#isCommon(key, file, leak))) findings.push(findingOf(leak, file));
      }
    }
    this.#read.delete(key);
    return { recordings: recordings.size, requests, findings };
  }

  /** Whether the same pipeline's prompts for other bugs hold it too. */
  async #isCommon(key: string, file: string, leak: Leak): Promise<boolean> {
    const [role = '', id] = key.split('/');
    const others = (await names(path.join(this.#root, RECORDINGS, role))).filter((name) => name !== id);
    for (const other of others.slice(0, NEIGHBOURS)) {
      const recorded = await this.#exchanges(`${role}/${other}`);
      const same = [...recorded].find(([name]) => path.basename(name) === path.basename(file));
      if (same?.[1].some((exchange) => promptHolds(exchange, leak.text))) return true;
    }
    return false;
  }

  /** Every recording of a bug by its file, relative to the root. */
  #exchanges(key: string): Promise<ReadonlyMap<string, readonly LmExchange[]>> {
    const known = this.#read.get(key);
    if (known) return known;
    const reading = this.#readAll(key);
    this.#read.set(key, reading);
    return reading;
  }

  async #readAll(key: string): Promise<ReadonlyMap<string, readonly LmExchange[]>> {
    const folder = path.join(this.#root, RECORDINGS, key);
    const found = new Map<string, readonly LmExchange[]>();
    for (const name of await names(folder)) {
      if (!name.endsWith('.json')) continue;
      const tape = await readRecording(path.join(folder, name), this.#root);
      const file = path.posix.join(RECORDINGS.split(path.sep).join('/'), key, name);
      if (tape) found.set(file, tape.recording.exchanges);
    }
    return found;
  }
}

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

function findingOf({ kind, text, request }: Leak, file: string): BugFinding {
  const what = { fix: 'the line of the fix', 'hidden-test': 'the hidden test', plan: 'the right plan' }[kind];
  return {
    code: 'CX-BUG-LEAK',
    message: `request ${request + 1} holds ${what} ${text}`,
    place: { file },
    hint: HINT,
  };
}
