import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NoteServer } from '../src/server.js';

let server: NoteServer;
let url: string;

const post = (body: string) => fetch(`${url}/notes`, { method: 'POST', body });

describe('a server for each test', () => {
  beforeEach(async () => {
    server = new NoteServer();
    url = await server.listen();
  });
  afterEach(() => server.close());

  it('begins without notes', async () => {
    expect(await (await fetch(`${url}/notes`)).json()).toEqual([]);
  });

  it('keeps what it is given', async () => {
    expect((await post('{"text":"milk"}')).status).toBe(201);
    expect(await (await fetch(`${url}/notes`)).json()).toEqual([{ id: 1, text: 'milk' }]);
  });

  it.each([
    ['milk', 400],
    ['{}', 422],
    ['{"text":""}', 422],
  ])('refuses %s with %d', async (body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('tells who listens', async () => {
    const events = await fetch(`${url}/events`);
    const reader = (events.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    expect((await reader.read()).value).toBe(': hello\n\n');
    await post('{"text":"bread"}');
    expect((await reader.read()).value).toBe('data: {"id":1,"text":"bread"}\n\n');
    await reader.cancel();
  });

  it('answers on a bare socket', async () => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found/);
  });

  it('is only asked [breaks]', async () => {
    await fetch(`${url}/notes`);
  });

  it('has a mistake of its own', async () => {
    expect((await post('{"text":"x"}')).status).toBe(200);
  });
});

describe('one server for all tests', () => {
  beforeAll(async () => {
    server = new NoteServer();
    url = await server.listen();
  });
  afterAll(() => server.close());

  it.concurrent.each([1, 2, 3, 4])('note %d, at once', async (number) => {
    const response = await post(JSON.stringify({ text: `note ${number}` }));
    expect(response.status).toBe(201);
  });

  it('has all of them', async () => {
    const notes = (await (await fetch(`${url}/notes`)).json()) as { text: string }[];
    expect(notes.map(({ text }) => text).sort()).toEqual(['note 1', 'note 2', 'note 3', 'note 4']);
  });
});
