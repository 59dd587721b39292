/**
 * Entry of the model's own process. As `serve` it listens on loopback and starts the workers; as `worker` it is
 * one of them. Arguments are one JSON document each, since both callers are this package.
 */

import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { createApp } from './http-app.ts';
import { type EngineOptions, loadEngine } from './llama-runtime.ts';
import type { ServerOptions, ServerReport } from './server-options.ts';
import { serveWorker } from './worker.ts';
import { toPlainError } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';

const [role, argument = '{}'] = process.argv.slice(2);

/** With a parent that listens, its end is ours too: no model outlives the run that started it. */
process.on('disconnect', () => process.exit(0));

if (role === 'worker') {
  const options = JSON.parse(argument) as EngineOptions;
  // Ctrl-C reaches the whole group; the server ends its workers itself.
  process.on('SIGINT', () => undefined);
  await serveWorker(() => loadEngine(options), {
    send: (message) => process.send?.(message),
    onMessage: (listener) => process.on('message', listener),
  });
} else {
  await runServer(JSON.parse(argument) as ServerOptions);
}

async function runServer(options: ServerOptions): Promise<void> {
  const report = (message: ServerReport) => process.send?.(message) ?? console.log(JSON.stringify(message));
  try {
    const pool = await WorkerPool.start({
      command: { module: fileURLToPath(import.meta.url), args: ['worker', JSON.stringify(options.engine)] },
      processes: options.processes,
      queueLimit: options.queueLimit,
    });
    const { fetch } = createApp(pool, options.model);
    const server = serve({ fetch, hostname: '127.0.0.1', port: options.port });
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve);
      server.once('error', reject);
    });
    const end = async () => {
      await pool.close();
      process.exit(0);
    };
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
    report({ type: 'listening', port: (server.address() as AddressInfo).port });
  } catch (error) {
    report({ type: 'failed', error: toPlainError(error) });
    process.exit(1);
  }
}
