import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, test } from 'vitest';
const server = createServer((_, response) => response.end('here'));
let timer: NodeJS.Timeout;
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
afterAll(() => clearInterval(timer));
test('asks the server, which keeps the connection', async () => {
  await (await fetch('http://127.0.0.1:' + (server.address() as AddressInfo).port)).text();
});
test('polls', () => {
  timer = setInterval(() => {}, 1e6);
  clearInterval(timer);
});`,
  },
  broken: { from: '  clearInterval(timer);', to: '' },
  finds: {
    code: 'CX-OPEN-HANDLES',
    test: 'polls',
    at: { file: 'a.test.ts', line: 12 },
    values: { left: { Timeout: 1 } },
  },
};
