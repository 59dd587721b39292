import { fileURLToPath } from 'node:url';
import { startEmbeddedLm } from '../src/lm/start.ts';

const REQUESTS = 24;
const LAYOUTS = [
  { processes: 2, threads: 1 },
  { processes: 1, threads: 2 },
  { processes: 1, threads: 1 },
] as const;

/**
 * Throughput of the embedded model with two clients, by number of processes and threads: requests of about 230
 * tokens in and 30 out, no prefix reused. Wall time, so only a quiet machine gives figures to publish.
 */
export async function benchLm(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const layout of LAYOUTS) {
    const name = `${layout.processes} process(es) x ${layout.threads} thread(s)`;
    const root = fileURLToPath(new URL('..', import.meta.url));
    const lm = await startEmbeddedLm({ root, signal: new AbortController().signal, ...layout });
    try {
      await load(lm.baseUrl, 4);
      const started = performance.now();
      const tokens = await load(lm.baseUrl, REQUESTS);
      const seconds = (performance.now() - started) / 1000;
      figures[`${name}: requests a second`] = REQUESTS / seconds;
      figures[`${name}: tokens a second, in and out`] = tokens / seconds;
    } finally {
      await lm.stop();
    }
  }
  return figures;
}

/** Sends requests from two clients; returns the tokens of all. */
async function load(baseUrl: string, requests: number): Promise<number> {
  let next = 0;
  let tokens = 0;
  const client = async () => {
    while (next < requests) {
      const number = next++;
      const content = Array.from({ length: 40 }, (_, at) => `task ${(at * number) % 89} waits;`).join(' ');
      const response = await fetch(`${baseUrl}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({
          messages: [{ role: 'user', content: `${number} ${content}` }],
          max_tokens: 30,
          cache_prompt: false,
        }),
      });
      const { usage } = (await response.json()) as { usage: { total_tokens: number } };
      tokens += usage.total_tokens;
    }
  };
  await Promise.all([client(), client()]);
  return tokens;
}
