import { expect, test } from 'vitest';
import type { NetworkUse } from '../observations.ts';
import { anInput } from '../test-support.ts';
import { check } from './no-real-network.ts';

const connect = (host: string): NetworkUse => ({ kind: 'connect', host, port: 443 });
const lookup = (host: string): NetworkUse => ({ kind: 'lookup', host, port: null });
const find = (uses: NetworkUse[], allow: string[] = []) =>
  check.run(anInput({ seen: { network: uses } }), { allow })?.map(({ values }) => values);

test.each([
  'localhost',
  'LOCALHOST',
  'db.localhost',
  '127.0.0.1',
  '127.8.9.10',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
  '0.0.0.0',
])('%s is this machine', (host) => {
  expect(find([connect(host)])).toEqual([]);
});

test.each(['example.org', '10.0.0.1', '192.168.1.1', '128.0.0.1', 'localhost.example.org', '2001:db8::1'])(
  '%s is not',
  (host) => {
    expect(find([connect(host)])).toEqual([{ kind: 'connect', host, port: 443 }]);
  },
);

test('a look-up alone is told, and not beside its connection', () => {
  expect(find([lookup('a.test')])).toEqual([{ kind: 'lookup', host: 'a.test', port: null }]);
  expect(find([lookup('a.test'), connect('a.test')])).toEqual([
    { kind: 'connect', host: 'a.test', port: 443 },
  ]);
  expect(find([connect('a.test'), lookup('a.test')])).toEqual([
    { kind: 'connect', host: 'a.test', port: 443 },
  ]);
});

test('a host that is allowed', () => {
  expect(find([connect('a.test'), connect('b.test')], ['a.test'])).toMatchObject([{ host: 'b.test' }]);
});
