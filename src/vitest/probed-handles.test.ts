import { expect, test } from 'vitest';
import { valuesBy } from './test-support.ts';

test('every kind of handle that is left is seen', async () => {
  const found = await valuesBy(
    'no-open-handles',
    `import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, test } from 'vitest';
const ends = [];
afterAll(() => Promise.all(ends.map((end) => end())));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cx-handles-'));
const server = net.createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
ends.push(() => server.close(), () => fs.rmSync(folder, { recursive: true }));
const listen = async (...where) => {
  const one = net.createServer().listen(...where);
  await once(one, 'listening');
  ends.push(() => one.close());
};
test('TCPServerWrap', () => listen(0, '127.0.0.1'));
test('TCPSocketWrap', async () => {
  const socket = net.connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  ends.unshift(() => socket.destroy());
});
test('PipeWrap', () => listen(path.join(folder, 'socket')));
test('UDPWrap', async () => {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  ends.push(() => socket.close());
});
test('ProcessWrap', () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  ends.push(() => child.kill());
});
test('FSEventWrap', () => { const watcher = fs.watch(folder); ends.unshift(() => watcher.close()); });
test('StatWatcher', () => { fs.watchFile(folder, () => {}); ends.push(() => fs.unwatchFile(folder)); });
test('Timeout', () => { const timer = setTimeout(() => {}, 1e6); ends.push(() => clearTimeout(timer)); });
test('Interval', () => { const timer = setInterval(() => {}, 1e6); ends.push(() => clearInterval(timer)); });
test('File', () => { const file = fs.openSync(path.join(folder, 'f'), 'w'); ends.push(() => fs.closeSync(file)); });`,
  );
  const one = (kind: string) => [{ left: { [kind]: 1 } }];
  const kinds = [
    'TCPServerWrap',
    'TCPSocketWrap',
    'PipeWrap',
    'UDPWrap',
    'ProcessWrap',
    'FSEventWrap',
    'StatWatcher',
    'Timeout',
    'File',
  ];
  expect(found).toEqual({
    ...Object.fromEntries(kinds.map((kind) => [kind, one(kind)])),
    Interval: one('Timeout'),
  });
});

test('a connection that a server keeps and a pool lets go is nothing left, and what a test holds itself is', async () => {
  const suite = `import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, test } from 'vitest';
const ends = [];
afterAll(() => Promise.all(ends.map((end) => end())));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cx-kept-'));
ends.push(() => fs.rmSync(folder, { recursive: true }));
const listen = async (server, ...where) => {
  await once(server.listen(...where), 'listening');
  ends.push(() => { server.close(); server.closeAllConnections?.(); });
  return server;
};
const answer = ({ url }, response) => void (url === '/never' || response.end('here'));
const server = await listen(http.createServer(answer), 0, '127.0.0.1');
const { port } = server.address();
const origin = 'http://127.0.0.1:' + port;
const local = await listen(http.createServer(answer), path.join(folder, 'socket'));
const multiplexed = await listen(http2.createServer(answer), 0, '127.0.0.1');
const careless = await listen(net.createServer((socket) => void socket.on('error', () => {}).unref()), 0, '127.0.0.1');
const agent = new http.Agent({ keepAlive: true });
ends.push(() => agent.destroy());
const get = (options) => new Promise((resolve) => http.get(options, (response) => response.resume().on('end', resolve)));
const connect = async (to) => {
  const socket = net.connect(to.address().port, '127.0.0.1').on('error', () => {});
  ends.unshift(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
};
test('fetch', async () => { await (await fetch(origin)).text(); });
test('many at once', () => Promise.all([1, 2, 3].map(async () => (await fetch(origin)).text())));
test('agent', () => get({ port, host: '127.0.0.1', agent }));
test('agent by path', () => get({ socketPath: local.address(), agent }));
test('agent that keeps nothing', () => get({ port, host: '127.0.0.1', agent: new http.Agent() }));
test('session that closes', async () => {
  const session = http2.connect('http://127.0.0.1:' + multiplexed.address().port);
  await once(session.request({ ':path': '/' }).resume(), 'end');
  session.close();
});
let earlier;
test('connection that its server lets go', async () => { earlier = await connect(careless); earlier.unref(); });
test('and its end', async () => { earlier.destroy(); });
test('socket', async () => { await connect(server); });
test('socket beside one that has closed', async () => {
  await (await fetch(origin, { headers: { connection: 'close' } })).text();
  await connect(server);
});
test('socket of a server that lets go', async () => { await connect(careless); });
test('request without an answer', () => {
  const request = http.get({ port, host: '127.0.0.1', path: '/never', agent }).on('error', () => {});
  ends.unshift(() => request.destroy());
  return once(server, 'request');
});
test('server with a connection', async () => {
  const own = await listen(http.createServer(answer), 0, '127.0.0.1');
  await (await fetch('http://127.0.0.1:' + own.address().port)).text();
});
test('connection of a server that is closed', async () => {
  const own = net.createServer().listen(0, '127.0.0.1');
  await once(own, 'listening');
  const accepting = once(own, 'connection');
  const socket = await connect(own);
  const [accepted] = await accepting;
  ends.unshift(() => accepted.destroy());
  socket.unref();
  own.close();
});`;
  const socket = [{ left: { TCPSocketWrap: 1 } }];
  expect(await valuesBy('no-open-handles', suite)).toEqual({
    fetch: [],
    'many at once': [],
    agent: [],
    'agent by path': [],
    'agent that keeps nothing': [],
    'session that closes': [],
    'connection that its server lets go': [],
    'and its end': [],
    socket,
    'socket beside one that has closed': socket,
    'socket of a server that lets go': socket,
    'request without an answer': socket,
    'server with a connection': [{ left: { TCPServerWrap: 1 } }],
    'connection of a server that is closed': socket,
  });
});
