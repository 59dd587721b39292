import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GateConfig, gateSchema } from '../../config/gate.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { RunRequest } from '../run-request.ts';
import type { RunningEnvironment } from '../service.ts';
import { projectShape, runShape } from './run-shape.ts';

const gate = gateSchema.parse({
  environments: { baseline: 'a', candidate: 'b' },
  roles: { coder: { baseline: 'x', candidate: 'y' } },
  lm: { model: 'm', parameters: { temperature: 0.7 } },
});

describe('projectShape', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'shape-'));
    await write('fixtures/pipeline.py', 'x = 1\n');
  });
  afterEach(() => rm(root, { recursive: true }));
  const write = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  };
  const rateCard = {
    format: 1,
    model: { id: 'm', sha256: null },
    clock: 'cpu',
    overheadMs: 1,
    inputTokensPerSecond: 100,
    outputTokensPerSecond: 10,
    samples: 3,
    residual: 0.1,
    createdAt: '2026-11-24T03:00:00.000Z',
  };

  test('stays while nothing changes; how often and which bugs are run does not count', async () => {
    const shape = await projectShape(root, gate, 'replay');
    expect(await projectShape(root, { ...gate, repeats: 5, quick: ['coder/a'] }, 'replay')).toBe(shape);
  });

  test.each<[string, () => Promise<unknown> | Partial<GateConfig>]>([
    ['a pipeline', () => write('fixtures/pipeline.py', 'x = 2\n')],
    ['a file that a pipeline may read', () => write('fixtures/data/prompts.json', '{}')],
    ['the rate card', () => write('eval/rate-card.json', JSON.stringify(rateCard))],
    ['the seed', () => ({ seed: 2 })],
    ['the call allowance', () => ({ callAllowance: 7 })],
    ['the parameters of the model', () => ({ lm: { ...gate.lm, parameters: { temperature: 0.6 } } })],
    ['the endpoint', () => ({ lm: { ...gate.lm, endpoint: 'http://127.0.0.1:1/v1' } })],
  ])('changes with %s', async (_, change) => {
    const before = await projectShape(root, gate, 'record');
    const changed = await change();
    expect(await projectShape(root, { ...gate, ...(changed as Partial<GateConfig>) }, 'record')).not.toBe(
      before,
    );
  });

  test('changes with the mode', async () => {
    expect(await projectShape(root, gate, 'record')).not.toBe(await projectShape(root, gate, 'replay'));
  });
});

describe('runShape', () => {
  const pipeline: Pipeline = {
    name: 'x',
    role: 'coder',
    entry: 'x:build',
    params: { demos: 3 },
    inputs: ['code'],
    scorer: null,
    stages: [],
    lm: true,
    seconds: 120,
  };
  const environment: RunningEnvironment = {
    name: 'a',
    dspy: '2.6.27',
    python: '3.11.7',
    lockSha256: 'l',
    socketPath: '/tmp/1',
  };
  const request: RunRequest = {
    pipeline,
    environment: 'a',
    case: 'bug',
    arm: 'baseline',
    repeat: 0,
    inputs: { code: 'c' },
    caseFolder: '/somewhere/bug',
  };
  const shape = (
    change: Partial<RunRequest> = {},
    place: Partial<RunningEnvironment> = {},
    project = 'p',
    bug = 'b',
  ) => runShape(project, { ...request, ...change }, { ...environment, ...place }, bug);

  test('is that of what is run: neither the arm nor the place on disk counts', () => {
    expect(
      shape({ arm: 'candidate', name: 'old-version', caseFolder: '/else/bug' }, { socketPath: '/tmp/2' }),
    ).toBe(shape());
  });

  test.each<[string, string]>([
    ['the project', shape({}, {}, 'q')],
    ['the bug', shape({}, {}, 'p', 'c')],
    ['the name of the bug', shape({ case: 'other' })],
    ['the repeat', shape({ repeat: 1 })],
    ['the session', shape({ session: 1 })],
    ['what it is told', shape({ inputs: { code: 'd' } })],
    ['its faults', shape({ faults: [{ call: 0, kind: 'timeout' }] })],
    ['the pipeline', shape({ pipeline: { ...pipeline, name: 'y' } })],
    ['a parameter of the pipeline', shape({ pipeline: { ...pipeline, params: { demos: 2 } } })],
    ['the lock', shape({}, { lockSha256: 'm' })],
    ['the version of DSPy', shape({}, { dspy: '3.0.1' })],
    ['the version of Python', shape({}, { python: '3.12.0' })],
  ])('changes with %s', (_, changed) => {
    expect(changed).not.toBe(shape());
  });
});
