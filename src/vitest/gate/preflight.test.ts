import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyGateProject } from './gate-project.ts';
import { runGate } from './run-gate.ts';

/** A whole gate in which one file says something else, and whether anything was started. */
async function gateWith(name: string, right: string, wrong: string) {
  // The repository's fixtures name these bugs.
  const { root, remove } = await copyGateProject(['coder/rectangle-area', 'planner/bridge-repair']);
  onTestFinished(remove);
  const text = await readFile(path.join(root, name), 'utf8');
  expect(text).toContain(right);
  await writeFile(path.join(root, name), text.replace(right, wrong));
  let started = false;
  const startPython = () => {
    started = true;
    return Promise.reject(new TypeError('nothing is to be started'));
  };
  const note = () => {
    started = true;
  };
  const ended = await runGate({ root, mode: 'replay', note, startPython }).catch((error: unknown) => error);
  return { ended, started };
}

const FIXTURE = 'fixtures/coder-rectangle-area.fixture.yaml';

test.each([
  [FIXTURE, 'pipeline: coder-native', 'pipeline: coder-nativ', FIXTURE, 'coder-native'],
  [FIXTURE, 'pipeline:', 'pipelin:', FIXTURE, 'pipeline'],
  ['eval/rate-card.json', '"format"', '"formt"', 'eval/rate-card.json', 'format'],
  [
    'gate.yaml',
    'candidate: dspy-3.0.1',
    'candidate: dspy-3.0.2',
    'environments/dspy-3.0.2.yaml',
    'dspy-3.0.1',
  ],
])('a broken %s stops the run before anything is started', async (name, right, wrong, at, nearest) => {
  const { ended, started } = await gateWith(name, right, wrong);
  expect(ended).toMatchObject({
    code: expect.stringMatching(/^CX-CONFIG-(REFERENCE|INVALID)$/),
    place: { file: at },
    hint: expect.stringContaining(nearest),
  });
  expect(started).toBe(false);
});
