import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Note {
  readonly id: number;
  readonly text: string;
}

/** Keeps notes in memory and serves them over HTTP. */
export class NoteServer {
  readonly #notes = new Map<number, Note>();
  readonly #server: Server;
  readonly #listeners = new Set<ServerResponse>();

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** @returns the address it can be reached at */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const listener of this.#listeners) listener.end();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      this.#listeners.add(response);
      return;
    }
    if (request.method === 'GET' && request.url === '/notes') return send(200, [...this.#notes.values()]);
    if (request.method !== 'POST' || request.url !== '/notes') return send(404, { error: 'not found' });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let text: unknown;
    try {
      text = (JSON.parse(Buffer.concat(chunks).toString()) as { text?: unknown }).text;
    } catch {
      return send(400, { error: 'not JSON' });
    }
    if (typeof text !== 'string' || text === '') return send(422, { error: 'a note has a text' });
    const note = { id: this.#notes.size + 1, text };
    this.#notes.set(note.id, note);
    for (const listener of this.#listeners) listener.write(`data: ${JSON.stringify(note)}\n\n`);
    send(201, note);
  }
}
