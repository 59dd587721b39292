import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import net from 'node:net';
import { test } from 'vitest';
test('asks a server', () => {
  const socket = net.connect({ host: '127.0.0.1', port: 9 });
  socket.on('error', () => {}).destroy();
});`,
  },
  // A network that is kept free for examples.
  broken: { from: '127.0.0.1', to: '192.0.2.1' },
  finds: {
    code: 'CX-NETWORK',
    test: 'asks a server',
    at: { file: 'a.test.ts', line: 3 },
    values: { kind: 'connect', host: '192.0.2.1', port: 9 },
  },
};
