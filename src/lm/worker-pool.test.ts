import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Generation } from './generation.ts';
import { serveWorker } from './worker.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';

/**
 * A worker process that speaks the protocol without a model. The prompt says what it does: `hold` waits to be
 * cancelled, `die` ends the process, anything else is answered with the prompt and the process id.
 */
const WORKER = `
const [role] = process.argv.slice(2);
if (role === 'broken') { console.error('no weights here'); process.exit(7); }
if (role === 'failing') process.send({ type: 'failed', error: { code: 'CX-LM-START', message: 'cannot load', hint: null, details: {} } });
process.on('disconnect', () => process.exit(0));
const error = (id, code, message) => process.send({ type: 'error', id, error: { code, message, hint: null, details: {} } });
process.on('message', ({ type, id, generation }) => {
  if (type === 'cancel') return error(id, 'CX-INTERNAL', 'aborted');
  const { text } = generation.prompt;
  if (text === 'die') { console.error('last words'); process.exit(9); }
  process.send({ type: 'text', id, sample: 0, text });
  if (text === 'refuse') return error(id, 'CX-LM-REQUEST', 'too long');
  if (text === 'hold') return;
  const samples = [{ text: text + ' ' + process.pid, finishReason: 'stop' }];
  process.send({ type: 'done', id, result: { samples, inputTokens: 1, outputTokens: 1, reusedTokens: 0, cpuMs: 1 } });
});
if (role === 'ready') process.send({ type: 'ready' });
`;

let folder: string;
let module: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-pool-'));
  module = join(folder, 'worker.mjs');
  await writeFile(module, WORKER);
});
afterAll(() => rm(folder, { recursive: true }));

const pools: WorkerPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

async function startPool(options: { processes?: number; queueLimit?: number; role?: string } = {}) {
  const { processes = 1, queueLimit = 10, role = 'ready' } = options;
  const pool = await WorkerPool.start({ command: { module, args: [role] }, processes, queueLimit });
  pools.push(pool);
  return pool;
}

const asking = (text: string): Generation => ({
  prompt: { text },
  temperature: 0,
  topP: 1,
  topK: 0,
  seeds: [1],
  maxTokens: 1,
  stop: [],
  constraint: null,
  reusePrefix: true,
});
const quiet = () => undefined;
const forever = new AbortController().signal;
const textOf = async (pool: WorkerPool, text: string) =>
  (await pool.generate(asking(text), forever, quiet)).samples[0]?.text ?? '';

/** Starts a request that is held, and resolves once a worker has it. */
async function hold(pool: WorkerPool) {
  const controller = new AbortController();
  let settled: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve) => {
    settled = pool.generate(asking('hold'), controller.signal, () => resolve());
    settled.catch(quiet);
  });
  return { abort: () => controller.abort(new DOMException('enough', 'AbortError')), settled };
}

describe('WorkerPool', () => {
  test('answers, and passes text on while it comes', async () => {
    const pool = await startPool();
    const texts: Array<[number, string]> = [];
    const { samples } = await pool.generate(asking('hello'), forever, (...text) => texts.push(text));
    expect(samples[0]?.text).toMatch(/^hello \d+$/);
    expect(texts).toEqual([[0, 'hello']]);
  });

  test('uses every process at once and queues the rest in order', async () => {
    const pool = await startPool({ processes: 2 });
    const held = [await hold(pool), await hold(pool)];
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (number) => {
      await textOf(pool, `${number}`);
      order.push(number);
    });
    await expect.poll(() => pool.queued).toBe(3);
    held[0]?.abort();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
    held[1]?.abort();
    await expect(held[1]?.settled).rejects.toThrow('enough');
  });

  test('refuses what the queue cannot hold', async () => {
    const pool = await startPool({ queueLimit: 1 });
    const held = await hold(pool);
    const waiting = textOf(pool, 'waiting');
    await expect(textOf(pool, 'too many')).rejects.toMatchObject({ code: 'CX-LM-BUSY' });
    held.abort();
    await expect(waiting).resolves.toMatch(/^waiting/);
  });

  test('a cancelled request frees its process; a cancelled waiting one leaves the queue', async () => {
    const pool = await startPool();
    const held = await hold(pool);
    const controller = new AbortController();
    const waiting = pool.generate(asking('waiting'), controller.signal, quiet);
    controller.abort(new DOMException('changed my mind', 'AbortError'));
    await expect(waiting).rejects.toThrow('changed my mind');
    expect(pool.queued).toBe(0);
    held.abort();
    await expect(held.settled).rejects.toThrow('enough');
    await expect(textOf(pool, 'next')).resolves.toMatch(/^next/);
    await expect(pool.generate(asking('late'), AbortSignal.abort(), quiet)).rejects.toThrow();
  });

  test('an error of a request is the caller’s; the process goes on', async () => {
    const pool = await startPool();
    const before = await textOf(pool, 'x');
    await expect(textOf(pool, 'refuse')).rejects.toMatchObject({
      code: 'CX-LM-REQUEST',
      message: 'too long',
    });
    expect(await textOf(pool, 'x')).toBe(before);
  });

  test('a process that ends fails its request with what it last said, and is replaced', async () => {
    const pool = await startPool();
    const before = await textOf(pool, 'x');
    await expect(textOf(pool, 'die')).rejects.toMatchObject({
      code: 'CX-LM-DIED',
      details: { exitCode: 9, stderr: expect.stringContaining('last words') },
    });
    const after = await textOf(pool, 'x');
    expect(after).toMatch(/^x \d+$/);
    expect(after).not.toBe(before);
  });

  test.each([
    ['broken', { code: 'CX-LM-START', details: { exitCode: 7, stderr: 'no weights here\n' } }],
    ['failing', { code: 'CX-LM-START', message: 'cannot load' }],
  ])('does not start where a worker is %s', async (role, error) => {
    await expect(startPool({ role })).rejects.toMatchObject(error);
  });
});

describe('serveWorker', () => {
  test('says ready, answers, cancels, and turns errors into plain ones', async () => {
    const sent: FromWorker[] = [];
    let listener: (message: ToWorker) => unknown = quiet;
    await serveWorker(
      async () => ({
        generate: async (generation, signal, onText) => {
          onText(0, 'a');
          if ('text' in generation.prompt && generation.prompt.text === 'hold') {
            await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
            signal.throwIfAborted();
          }
          return { samples: [], inputTokens: 1, outputTokens: 2, reusedTokens: 0, cpuMs: 3 };
        },
      }),
      {
        send: (message) => void sent.push(message),
        onMessage: (given) => {
          listener = given;
        },
      },
    );
    await listener({ type: 'generate', id: 1, generation: asking('x') });
    const held = listener({ type: 'generate', id: 2, generation: asking('hold') });
    await listener({ type: 'cancel', id: 2 });
    await held;
    expect(sent.map(({ type }) => type)).toEqual(['ready', 'text', 'done', 'text', 'error']);
    expect(sent.at(-1)).toMatchObject({
      id: 2,
      error: { code: 'CX-INTERNAL', message: 'This operation was aborted' },
    });
  });

  test('says failed with the whole chain of causes', async () => {
    const sent: FromWorker[] = [];
    const broken = () =>
      Promise.reject(new TypeError('cannot load.', { cause: new RangeError('no memory') }));
    await serveWorker(broken, { send: (message) => void sent.push(message), onMessage: quiet });
    expect(sent).toMatchObject([{ type: 'failed', error: { message: 'cannot load: no memory' } }]);
  });
});
