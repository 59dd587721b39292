import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import glob from 'fast-glob';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ScriptedLm } from '../../gateway/scripted-lm.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { commandProcess } from '../test-support.ts';

// A gate of its own, which imports DSPy anew: a busy machine is no failure.
vi.setConfig({ testTimeout: 600_000 });

const BUGS = ['coder/add-tag', 'coder/append-item'];

test('Ctrl-C ends a gate in order, and it says how to go on', async () => {
  const lm = await new ScriptedLm().start();
  onTestFinished(() => lm.stop());
  const { root, remove } = await copyGateProject(BUGS);
  onTestFinished(remove);
  await rm(path.join(root, 'eval', 'recordings'), { recursive: true });
  // They name bugs that are not there.
  for (const name of await glob('fixtures/*.fixture.yaml', { cwd: root, absolute: true })) await rm(name);
  await writeFile(
    path.join(root, 'gate.yaml'),
    `environments: { baseline: dspy-2.6.27, candidate: dspy-3.0.1 }
roles:
  coder: { baseline: coder-legacy, candidate: coder-native }
lm: { model: scripted, endpoint: "${lm.url}" }
`,
  );
  const gate = commandProcess(['gate', '--lm=record', '--workers', '1', '--root', root]);
  // The answer repairs nothing, so that a run makes all its calls: the fourth run is under way.
  lm.answer = () => {
    if (lm.requests.length === 20) gate.kill('SIGINT');
    return 'no';
  };
  const { exitCode, signal, stderr } = await gate;
  expect(stderr).toContain('error CX-RUN-CANCELLED the run was interrupted; nothing was judged');
  expect(stderr).toMatch(/hint \d+ finished runs are kept: the same command with --resume goes on/);
  expect([exitCode, signal]).toEqual([3, undefined]);
});
