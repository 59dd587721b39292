import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes the alerts of tests on loopback. */
export class AlertReceiver {
  received: { path: string; body: string }[] = [];
  readonly #server: http.Server;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.received.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString() });
        response.end();
      });
    });
  }

  static async listen(): Promise<AlertReceiver> {
    const receiver = new AlertReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** `alerts` of optimizer_budget.yaml. The secret may be any variable that is set everywhere: how it signs is the matter of src/alerts. */
  get settings(): string {
    const origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return `alerts:
  webhook: { url: '${origin}/hook', secretVariable: PATH }
  openTelemetry: { endpoint: '${origin}' }`;
  }

  paths(): string[] {
    return this.received.map((request) => request.path).sort();
  }

  /** What the webhook was told, in its order. */
  told(): Record<string, unknown>[] {
    return this.received.filter(({ path }) => path === '/hook').map(({ body }) => JSON.parse(body));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
