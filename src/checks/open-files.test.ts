import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { countOpenFiles } from './open-files.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cx-open-files-'));
const file = path.join(folder, 'f');
fs.writeFileSync(file, '');
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Opens each path in turn, under the same number, and says how many files more there are while it is open. */
function moreWithEach(...paths: readonly string[]): number[] {
  const before = Number(countOpenFiles());
  const numbers = new Set<number>();
  const more = paths.map((one) => {
    const descriptor = fs.openSync(one, 'r');
    numbers.add(descriptor);
    const count = Number(countOpenFiles()) - before;
    fs.closeSync(descriptor);
    return count;
  });
  expect(numbers.size).toBe(1);
  return more;
}

test.runIf(process.platform === 'linux')(
  'a number that is given to something else is looked at again',
  () => {
    expect(moreWithEach('/dev/null', file, '/dev/null', '/etc/passwd', folder)).toEqual([0, 1, 0, 0, 1]);
  },
);

test.runIf(process.platform === 'linux')('a file counts each time that it is open', () => {
  const before = Number(countOpenFiles());
  const descriptors = [fs.openSync(file, 'r'), fs.openSync(file, 'r')];
  expect(Number(countOpenFiles()) - before).toBe(2);
  for (const descriptor of descriptors) fs.closeSync(descriptor);
  expect(countOpenFiles()).toBe(before);
});

test.runIf(process.platform === 'linux')('a file is seen where something else was closed meanwhile', () => {
  const [low, high] = [fs.openSync('/dev/null', 'r'), fs.openSync('/dev/null', 'r')];
  fs.closeSync(low);
  const before = Number(countOpenFiles());
  const descriptor = fs.openSync(file, 'r');
  fs.closeSync(high);
  expect(descriptor).toBe(low);
  expect(Number(countOpenFiles()) - before).toBe(1);
  fs.closeSync(descriptor);
  expect(countOpenFiles()).toBe(before);
});

test.runIf(process.platform === 'linux')('a spy of a test sees nothing of it', () => {
  const spies = (['statSync', 'fstatSync', 'readdirSync', 'readlinkSync'] as const).map((name) =>
    vi.spyOn(fs, name),
  );
  const descriptor = fs.openSync(file, 'r');
  countOpenFiles();
  const calls = spies.map((spy) => spy.mock.calls.length);
  vi.restoreAllMocks();
  fs.closeSync(descriptor);
  expect(calls).toEqual([0, 0, 0, 0]);
});
