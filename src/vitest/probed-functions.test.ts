import dns from 'node:dns';
import { afterEach, expect, test, vi } from 'vitest';
import { valuesBy } from './test-support.ts';

afterEach(() => vi.restoreAllMocks());

/** Arguments of a call in a folder with the file `f` and the folder `d`; what it changes. */
const CHANGING: Readonly<Record<string, readonly [args: string, changed: readonly string[]]>> = {
  writeFile: ["f, '1'", ['f']],
  appendFile: ["f, '1'", ['f']],
  mkdir: ['n', ['n']],
  mkdtemp: ['n', ['n']],
  rm: ['f', ['f']],
  rmdir: ['d', ['d']],
  unlink: ['f', ['f']],
  truncate: ['f, 0', ['f']],
  chmod: ['f, 0o600', ['f']],
  chown: ['f, process.getuid(), process.getgid()', ['f']],
  lchown: ['f, process.getuid(), process.getgid()', ['f']],
  utimes: ['f, 1, 1', ['f']],
  lutimes: ['f, 1, 1', ['f']],
  rename: ['f, n', ['f', 'n']],
  copyFile: ['f, n', ['n']],
  cp: ['f, n, {}', ['n']],
  link: ['f, n', ['n']],
  symlink: ['f, n', ['n']],
  open: ["f, 'w'", ['f']],
};

test('every function that changes files is seen, with callback, sync and as promise', async () => {
  const forms = Object.entries(CHANGING).flatMap(([name, [args]]) => [
    [
      `${name} callback`,
      `await new Promise((end, fail) => fs.${name}(${args}, (error, fd) => error ? fail(error) : end(fd)))`,
    ],
    [`${name} sync`, `fs.${name}Sync(${args})`],
    [`${name} promise`, `await fs.promises.${name}(${args})`],
  ]);
  forms.push([
    'createWriteStream stream',
    "await new Promise((end) => fs.createWriteStream(f).end('1', end))",
  ]);
  const found = await valuesBy(
    'no-writes-outside',
    `import fs from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
const made = (id) => {
  const folder = path.join(process.env.PROJECT_ROOT, id);
  fs.mkdirSync(path.join(folder, 'd'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'f'), '0');
  return ['f', 'd', 'n'].map((name) => path.join(folder, name));
};
const close = async (opened) => typeof opened === 'number' ? fs.closeSync(opened) : opened?.close?.();
${forms
  .map(
    ([name, call], index) => `{
  const [f, d, n] = made('${index}');
  test(${JSON.stringify(name)}, async () => { await close(${call}); });
}`,
  )
  .join('\n')}`,
  );
  const expected = forms.map(([name = ''], index) => {
    const [operation = ''] = name.split(' ');
    const [, changed] = CHANGING[operation] ?? ['', ['f']];
    return [name, changed.map((file) => ({ file: `${index}/${file}`, operation }))];
  });
  expect(found).toEqual(Object.fromEntries(expected));
});

test('a write through a link into the project is one in the project, and the link itself is not', async () => {
  const found = await valuesBy(
    'no-writes-outside',
    `import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, test } from 'vitest';
const root = process.env.PROJECT_ROOT;
const outside = fs.mkdtempSync(path.join(os.tmpdir(), 'cx-link-'));
afterAll(() => fs.rmSync(outside, { recursive: true }));
fs.writeFileSync(path.join(root, 'kept'), '0');
fs.symlinkSync(root, path.join(outside, 'folder'));
fs.symlinkSync(path.join(root, 'kept'), path.join(outside, 'file'));
test('folder', () => fs.writeFileSync(path.join(outside, 'folder/new'), '1'));
test('file', () => fs.writeFileSync(path.join(outside, 'file'), '1'));
test('deep', () => { fs.mkdirSync(path.join(outside, 'folder/a/b'), { recursive: true }); });
test('link', () => fs.rmSync(path.join(outside, 'file')));
test('other', () => fs.writeFileSync(path.join(outside, 'other'), '1'));`,
  );
  expect(found).toEqual({
    folder: [{ file: 'new', operation: 'writeFile' }],
    file: [{ file: 'kept', operation: 'writeFile' }],
    deep: [{ file: 'a/b', operation: 'mkdir' }],
    link: [],
    other: [],
  });
});

test('every look-up, datagram and connection is seen', async () => {
  const isLookup = (name: string) => /^(lookup|resolve|reverse)/.test(name);
  const namesOf = (owner: object) => Object.getOwnPropertyNames(owner).filter(isLookup);
  const owners = {
    'dns.': namesOf(dns),
    'dns.promises.': namesOf(dns.promises),
    'new dns.Resolver(QUICK).': namesOf(dns.Resolver.prototype),
    'new dns.promises.Resolver(QUICK).': namesOf(dns.promises.Resolver.prototype),
  };
  expect(Object.values(owners).map((names) => names.length > 10)).toEqual([true, true, true, true]);
  const calls = Object.entries(owners).flatMap(([owner, names]) =>
    names.map((name): [string, object] => {
      const port = name === 'lookupService' ? ', 80' : '';
      const callback = owner.includes('promises') ? '' : ', () => {}';
      const end = owner.includes('promises') ? '.catch(() => {})' : '';
      const call = `${owner}${name}('192.0.2.1'${port}${callback})${end}`;
      return [call, { kind: 'lookup', host: '192.0.2.1', port: null }];
    }),
  );
  calls.push(
    [
      "await new Promise((end) => datagrams().send('a', 9, '192.0.2.1', end))",
      { kind: 'datagram', host: '192.0.2.1', port: null },
    ],
    [
      "await new Promise((end) => datagrams().connect(9, '192.0.2.1', end))",
      { kind: 'connect', host: '192.0.2.1', port: 9 },
    ],
    [
      "net.connect(9, '192.0.2.1').on('error', () => {}).destroy()",
      { kind: 'connect', host: '192.0.2.1', port: 9 },
    ],
  );
  const found = await valuesBy(
    'no-real-network',
    `import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
const QUICK = { timeout: 50, tries: 1 };
const open = [];
afterAll(() => open.forEach((socket) => socket.close()));
const datagrams = () => { const socket = dgram.createSocket('udp4').on('error', () => {}); open.push(socket); return socket; };
${calls.map(([call]) => `test(${JSON.stringify(call)}, async () => { ${call}; });`).join('\n')}
test('datagrams to this machine', () => new Promise((end) => datagrams().connect(9, end)));
test('a look-up stays what promisify knows', async () => {
  expect(await promisify(dns.lookup)('localhost')).toMatchObject({ address: expect.any(String) });
});`,
  );
  const expected = calls.map(([call, values]) => [call, [values]]);
  const quiet = { 'datagrams to this machine': [], 'a look-up stays what promisify knows': [] };
  expect(found).toEqual({ ...Object.fromEntries(expected), ...quiet });
});

test('what is written past the console is held against secrets', async () => {
  // The worker's output is passed on to ours.
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation(() => true);
  const found = await valuesBy(
    'no-secrets-in-output',
    `import { test } from 'vitest';
const key = 'sk-' + 'a1'.repeat(12);
test('stdout', () => { process.stdout.write(key); });
test('stderr', () => { process.stderr.write(Buffer.from(key)); });
test('console', () => { console.log(key); });
test('nothing', () => { process.stdout.write(''); });`,
  );
  const shown = (where: string) => [{ where, variable: null }];
  expect(found).toEqual({
    stdout: shown('process.stdout'),
    stderr: shown('process.stderr'),
    console: shown('console.log'),
    nothing: [],
  });
});
