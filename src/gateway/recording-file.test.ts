import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ConstitutionError } from '../core/errors.ts';
import {
  askAll,
  chat,
  completion,
  endAll,
  identity,
  record,
  sendJson,
  startGateway,
  temporaryFolder,
} from './test-support.ts';

afterEach(endAll);

const RECORDING = 'coder/bug/baseline.0.json';

async function recorded(...bodies: ReturnType<typeof chat>[]) {
  const folder = await temporaryFolder();
  await record(folder, (_, response) => sendJson(response, 200, completion('x')), bodies);
  return folder;
}

test.for<[string, (text: string) => string, RegExp]>([
  ['an edited answer', (text) => text.replace('"x"', '"y"'), /changed after it was written/],
  ['an edited request', (text) => text.replace('"a"', '"b"'), /key does not belong to the request/],
  ['a wrong ordinal', (text) => text.replace('"ordinal": 0', '"ordinal": 1'), /occurrence 0/],
  ['an unknown format', (text) => text.replace('"format": 1', '"format": 2'), /format/],
  ['an unknown key', (text) => text.replace('"repeat": 0', '"repeat": 0, "more": 1'), /more/],
  ['a wrong type', (text) => text.replace(/"latencyMs": [\d.]+/, '"latencyMs": "1"'), /latencyMs/],
  ['a cookie', (text) => text.replace('"content-type":', '"set-cookie":'), /headers other than/],
  [
    'a header that starts another',
    (text) => text.replace('"application/json"', '"a\\r\\nset-cookie: b"'),
    /not a header value/,
  ],
  ['half a file', (text) => text.slice(0, text.length / 2), /not JSON/],
  ['no JSON', () => '', /not JSON/],
  ['endless nesting', () => '['.repeat(50_000) + ']'.repeat(50_000), /nests more than/],
])('a recording with %s is refused with its place', async ([, edit, message]) => {
  const folder = await recorded(chat('a'));
  const file = path.join(folder, RECORDING);
  const text = await readFile(file, 'utf8');
  const edited = edit(text);
  expect(edited).not.toBe(text);
  await writeFile(file, edited);
  const { gateway } = await startGateway({ recordingsDir: folder });
  const error = await gateway.openRun(identity()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConstitutionError);
  expect(error).toMatchObject({ code: 'CX-RECORDING-INVALID', message: expect.stringMatching(message) });
  expect((error as ConstitutionError).place).toEqual({ file: RECORDING, line: expect.any(Number) });
});

test('the place of an invalid recording is the line that is wrong', async () => {
  const folder = await recorded(chat('a'));
  const file = path.join(folder, RECORDING);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"startMs": [\d.]+/, '"startMs": -1'));
  const line = text.split('\n').findIndex((found) => found.includes('"startMs"')) + 1;
  const { gateway } = await startGateway({ recordingsDir: folder });
  await expect(gateway.openRun(identity())).rejects.toMatchObject({ place: { file: RECORDING, line } });
});

test('an edit that is meant passes with the integrity that the hint names', async () => {
  const folder = await recorded(chat('a'));
  const file = path.join(folder, RECORDING);
  const edited = (await readFile(file, 'utf8')).replace('"x"', '"y"');
  await writeFile(file, edited);
  const { gateway } = await startGateway({ recordingsDir: folder });
  const error = (await gateway.openRun(identity()).catch((thrown: unknown) => thrown)) as ConstitutionError;
  const integrity = /set "integrity" to "([^"]+)"/.exec(error.hint ?? '')?.[1];
  await writeFile(file, edited.replace(/"integrity": "[^"]+"/, `"integrity": "${integrity}"`));
  const { token } = await gateway.openRun(identity());
  const [answer] = await askAll(gateway, token, [chat('a')]);
  expect(answer?.text).toContain('"content":"y"');
});

test.for([
  '../outside.json',
  '/etc/passwd.json',
  'a/../../b.json',
  'no-extension',
  '',
  'a\\b.json',
  'a\0.json',
])('a recording cannot be %j', async (recording) => {
  const { gateway } = await startGateway();
  await expect(gateway.openRun({ ...identity(), recording })).rejects.toMatchObject({
    code: 'CX-GATEWAY-RUN',
  });
});

test('two open runs cannot record into one file', async () => {
  const { gateway } = await startGateway({ mode: 'record', upstream: { baseUrl: 'http://127.0.0.1:9/v1' } });
  const { token } = await gateway.openRun(identity());
  await expect(gateway.openRun(identity())).rejects.toMatchObject({ code: 'CX-GATEWAY-RUN' });
  await gateway.closeRun(token);
  await expect(gateway.openRun(identity())).resolves.toBeDefined();
});

test('a recording that cannot be written is an error, and the run is closed nevertheless', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, RECORDING), { recursive: true });
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: 'http://127.0.0.1:9/v1' },
  });
  const { token } = await gateway.openRun(identity());
  await expect(gateway.closeRun(token)).rejects.toMatchObject({ code: 'CX-RECORDING-WRITE' });
  await expect(gateway.closeRun(token)).rejects.toMatchObject({ code: 'CX-GATEWAY-RUN' });
});
