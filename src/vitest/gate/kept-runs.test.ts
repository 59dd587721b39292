import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../core/json.ts';
import { pipelineRun } from '../../core/verdict/pipeline-run.fixture.ts';
import { countKept, forgetKept, KEPT_RUNS, KeptRuns } from './kept-runs.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'kept-'));
});
afterEach(() => rm(root, { recursive: true }));

const run = pipelineRun({ case: 'a', detail: 'ümläut' });

async function onlyFile(): Promise<string> {
  const [name] = await readdir(path.join(root, KEPT_RUNS));
  return path.join(root, KEPT_RUNS, name as string);
}

test('what was kept is found by the next one that resumes, and by no other', async () => {
  const kept = await KeptRuns.open(root, false);
  await kept.add('shape-a', run);
  await kept.add('shape-b', { ...run, case: 'b' });
  expect(await countKept(root)).toBe(2);
  const resumed = await KeptRuns.open(root, true);
  expect(await resumed.find('shape-a')).toEqual(run);
  expect(await resumed.find('shape-c')).toBeNull();
  expect(await (await KeptRuns.open(root, false)).find('shape-a')).toBeNull();
});

test('a line that was cut off is passed over, the lines around it are not', async () => {
  const kept = await KeptRuns.open(root, false);
  await kept.add('shape-a', run);
  const file = await onlyFile();
  const [line = ''] = (await readFile(file, 'utf8')).split('\n');
  await appendFile(file, `${line.slice(0, 200)}\n`);
  await kept.add('shape-b', run);
  await appendFile(file, line.slice(0, 90));
  expect(await countKept(root)).toBe(2);
});

test('a line that was changed is passed over', async () => {
  await (await KeptRuns.open(root, false)).add('shape-a', run);
  const file = await onlyFile();
  await writeFile(file, (await readFile(file, 'utf8')).replace('"outcome":1', '"outcome":0'));
  expect(await countKept(root)).toBe(0);
});

test('a run holds only as long as its recording is the same', async () => {
  const recording = path.join(root, 'eval', 'recordings', 'coder', 'a.json');
  await mkdir(path.dirname(recording), { recursive: true });
  await writeFile(recording, 'first');
  const recorded = { ...run, recording: { path: 'coder/a.json', sha256: sha256('first') } };
  await (await KeptRuns.open(root, false)).add('shape', recorded);
  const resumed = await KeptRuns.open(root, true);
  expect(await resumed.find('shape')).toEqual(recorded);
  await writeFile(recording, 'second');
  expect(await resumed.find('shape')).toBeNull();
  await rm(recording);
  expect(await resumed.find('shape')).toBeNull();
});

test('every worker has a file of its own, and all are read', async () => {
  const [one, two] = [await KeptRuns.open(root, false), await KeptRuns.open(root, false)];
  await Promise.all([one.add('shape-a', run), two.add('shape-b', run)]);
  expect(await readdir(path.join(root, KEPT_RUNS))).toHaveLength(2);
  expect(await countKept(root)).toBe(2);
});

test('what is forgotten is gone; nothing kept is nothing', async () => {
  expect(await countKept(root)).toBe(0);
  await (await KeptRuns.open(root, false)).add('shape', run);
  await forgetKept(root);
  expect(await countKept(root)).toBe(0);
});
