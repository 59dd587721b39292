import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadGate } from '../config/gate.ts';
import { packageRoot } from '../config/package-root.ts';
import { copyGateProject } from '../vitest/gate/gate-project.ts';
import { Provers } from './prover.ts';
import { verifyBugs } from './verify.ts';

const MODEL = 'coder/countdown';
const { signal } = new AbortController();

let project: Awaited<ReturnType<typeof copyGateProject>>;
/** Of the project as it is. */
let provers: Provers;
beforeAll(async () => {
  project = await copyGateProject([MODEL, 'coder/lookup-price', 'planner/garden']);
  provers = await Provers.start(project.root, await loadGate(project.root), signal);
});
afterAll(async () => {
  await provers.stop();
  await project.remove();
});

test.each([
  ['coder/ticks', 'has 100 % of its form in common with coder/'],
  ['planner/flat', 'has 100 % of its form in common with planner/'],
])(
  'a bug that only renames another one is found, whether or not that is asked for: %s',
  async (id, message) => {
    await retold('ticks', MODEL, { countdown: 'ticks', start: 'n' });
    await retold('flat', 'planner/garden', { dig: 'sand', plant: 'paint', water: 'dry' });
    const options = { root: project.root, signal, note: () => {}, provers };
    const rows = await verifyBugs({ ...options, ids: [id, 'coder/lookup-price'] });
    expect(rows.find(({ bug }) => bug === id)).toMatchObject({
      proven: false,
      findings: [
        {
          code: 'CX-BUG-ALIKE',
          message: expect.stringContaining(message),
          place: { file: `seeded-bugs/${id}` },
        },
      ],
    });
    expect(rows.find(({ bug }) => bug === 'coder/lookup-price')).toMatchObject({
      proven: true,
      findings: [],
    });
  },
);

/** A bug told once more: other names, the same form. */
async function retold(id: string, like: string, names: Readonly<Record<string, string>>): Promise<void> {
  const [from, to] = [like, path.join(path.dirname(like), id)].map((key) =>
    path.join(project.root, 'seeded-bugs', key),
  ) as [string, string];
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) {
    let text = await readFile(path.join(from, file), 'utf8');
    text = text.replace(/"{3}.*"{3}/s, '"""Another text."""');
    for (const [name, other] of Object.entries(names))
      text = text.replace(new RegExp(`\\b${name}\\b`, 'gi'), other);
    await writeFile(path.join(to, file), text);
  }
}

test('a folder elsewhere is proven by name, and its prompts are not those of the project', async () => {
  const folder = path.join(project.root, 'elsewhere');
  await cp(path.join(packageRoot(), 'seeded-bugs', MODEL), path.join(folder, MODEL), { recursive: true });
  const options = { root: project.root, folder, signal, note: () => {}, provers };
  expect(await verifyBugs(options)).toMatchObject([
    { bug: MODEL, proven: true, prompts: { recordings: 0, requests: 0 } },
  ]);
  await expect(verifyBugs({ ...options, folder: path.join(folder, 'coder') })).rejects.toMatchObject({
    code: 'CX-CONFIG-MISSING',
    hint: 'Expected are folders of the form coder/<id>/ or planner/<id>/.',
  });
  await expect(verifyBugs({ ...options, ids: ['countdwon'] })).rejects.toMatchObject({
    code: 'CX-CONFIG-REFERENCE',
  });
});

test('a role without a prover has no proven bugs', async () => {
  const file = path.join(project.root, 'gate.yaml');
  const before = await readFile(file, 'utf8');
  await writeFile(file, before.replace(/, prover: "reference.prove_planner:PlannerProof"/, ''));
  const options = { root: project.root, signal, note: () => {} };
  const [proof] = await verifyBugs({ ...options, ids: ['planner/garden'] });
  await writeFile(file, before);
  expect(proof).toMatchObject({
    proven: false,
    findings: [{ code: 'CX-CONFIG-REFERENCE', message: 'gate.yaml names no prover for planner' }],
  });
});

const HASHES = `
from constitution_worker.sandbox import evaluate_calls

class Proof:
    def __init__(self, folder, repeats):
        self.repeats = repeats

    def __call__(self):
        seen = {evaluate_calls("", ["hash('text')"])[0].value for _ in range(self.repeats)}
        return {"detail": f"{len(seen)} seeds", "findings": []}
`;

test('each execution of a proof has its own order of sets', async () => {
  const file = path.join(project.root, 'gate.yaml');
  const before = await readFile(file, 'utf8');
  await writeFile(file, before.replace('reference.prove_planner:PlannerProof', 'hashes:Proof'));
  await writeFile(path.join(project.root, 'fixtures', 'hashes.py'), HASHES);
  const options = { root: project.root, signal, note: () => {} };
  const [proof] = await verifyBugs({ ...options, ids: ['planner/garden'] });
  await writeFile(file, before);
  expect(proof).toMatchObject({ detail: '5 seeds' });
});
