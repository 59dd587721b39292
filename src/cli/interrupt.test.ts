import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyGateProject } from '../vitest/gate/gate-project.ts';
import { commandProcess } from './test-support.ts';

test('Ctrl-C while Python starts is no fault of the environment', async () => {
  const { root, remove } = await copyGateProject(['coder/add-tag']);
  onTestFinished(remove);
  const verify = commandProcess(['bugs', 'verify', '--root', root]);
  let said = '';
  verify.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
    // To import DSPy takes seconds from now on.
    if (said.includes('Starting dspy-2.6.27') && !verify.killed) verify.kill('SIGINT');
  });
  const { exitCode, signal, stderr } = await verify;
  expect(stderr).toMatch(/^Starting dspy-2\.6\.27 …\nerror CX-RUN-CANCELLED .*\n {2}hint Start it again.*$/);
  expect([exitCode, signal]).toEqual([3, undefined]);
});

test('Ctrl-C while a command waits for another program is no fault of this package', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'interrupt-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const python = path.join(folder, 'bin', 'python3');
  await mkdir(path.dirname(python));
  // Whoever presses the keys does so while pip is at work.
  await writeFile(python, '#!/bin/sh\nkill -INT $PPID\nexec sleep 600\n');
  await chmod(python, 0o755);
  await writeFile(path.join(folder, 'package.json'), '{}');
  const PATH = `${path.dirname(python)}${path.delimiter}${process.env['PATH']}`;
  const { exitCode, signal, stderr } = await commandProcess(['lm', 'fetch', '--root', folder], { PATH });
  expect(stderr).toMatch(/error CX-RUN-CANCELLED the command was interrupted\n {2}hint Start it again\.$/);
  expect([exitCode, signal]).toEqual([3, undefined]);
});
