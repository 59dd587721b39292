import type { Generator } from './generation.ts';
import { type FromWorker, type ToWorker, toPlainError } from './worker-messages.ts';

/** The parent's end of the IPC channel, as `process` offers it in a forked child. */
export interface WorkerChannel {
  send(message: FromWorker): void;
  onMessage(listener: (message: ToWorker) => void): void;
}

/** Answers requests with `load()`'s generator until the channel closes. Says `ready` or `failed` once. */
export async function serveWorker(load: () => Promise<Generator>, channel: WorkerChannel): Promise<void> {
  let generator: Generator;
  try {
    generator = await load();
  } catch (error) {
    channel.send({ type: 'failed', error: toPlainError(error) });
    return;
  }
  const running = new Map<number, AbortController>();
  channel.onMessage(async (message) => {
    const { id } = message;
    if (message.type === 'cancel') {
      running.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const result = await generator.generate(message.generation, controller.signal, (sample, text) =>
        channel.send({ type: 'text', id, sample, text }),
      );
      channel.send({ type: 'done', id, result });
    } catch (error) {
      channel.send({ type: 'error', id, error: toPlainError(error) });
    } finally {
      running.delete(id);
    }
  });
  channel.send({ type: 'ready' });
}
