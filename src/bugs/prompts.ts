import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BugFinding } from '../core/bug-proof.ts';
import type { BugSecrets } from '../core/bug-secrets.ts';
import type { LmExchange } from '../core/lm-exchange.ts';
import { type Leak, leaksIn, leakText, promptHolds } from '../core/prompt-leak.ts';
import { readRecording } from '../gateway/recording-file.ts';

/**
 * Where the gateway keeps recordings, relative to the root: `<role>/<id>/<pipeline>@<environment>.<repeat>.json`, those of
 * further sessions below `session-<n>/`.
 */
const RECORDINGS = 'eval/recordings';
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
    const found = new Map<string, readonly LmExchange[]>();
    for (const session of await this.#sessions()) {
      const folder = path.posix.join(RECORDINGS, session, key);
      for (const name of await names(path.join(this.#root, folder))) {
        if (!name.endsWith('.json')) continue;
        const tape = await readRecording(path.join(this.#root, folder, name), this.#root);
        if (tape) found.set(path.posix.join(folder, name), tape.recording.exchanges);
      }
    }
    return found;
  }

  /** Folders of the sessions: the first has none of its own. */
  async #sessions(): Promise<string[]> {
    const further = (await names(path.join(this.#root, RECORDINGS))).filter((name) =>
      /^session-\d+$/.test(name),
    );
    return ['', ...further];
  }
}

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

function findingOf(leak: Leak, file: string): BugFinding {
  return {
    code: 'CX-BUG-LEAK',
    message: `request ${leak.request + 1} holds ${leakText(leak)}`,
    place: { file },
    hint: HINT,
  };
}
