import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEnvironments, selectEnvironments } from './environments.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'constitution-config-'));
  await mkdir(path.join(root, 'environments'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const declare = (name: string, text: string) => writeFile(path.join(root, 'environments', name), text);

describe('loadEnvironments', () => {
  it('fills in defaults and sorts by name', async () => {
    await declare('b.yaml', 'dspy: 3.0.1\nconstraints: constraints.txt\nrequirements: ["mlflow==3.17.2"]\n');
    await declare('a.yaml', 'dspy: 2.6.27\n');
    await declare('a.lock', 'not a declaration');
    expect(await loadEnvironments(root)).toEqual([
      { name: 'a', dspy: '2.6.27', python: '>=3.10,<3.14', requirements: [], constraints: null },
      {
        name: 'b',
        dspy: '3.0.1',
        python: '>=3.10,<3.14',
        requirements: ['mlflow==3.17.2'],
        constraints: 'constraints.txt',
      },
    ]);
  });

  it('finds none in a project without the folder', async () => {
    await rm(path.join(root, 'environments'), { recursive: true });
    expect(await loadEnvironments(root)).toEqual([]);
  });

  it.each([
    ['an unknown key', 'dspy: 3.0.1\npyton: "3.11"\n', 2, 'Did you mean "python"?'],
    ['a number for a version', 'dspy: 3.0\n', 1, undefined],
    ['a range for a version', 'dspy: ">=3.0"\n', 1, undefined],
    ['a range of Python that is none', 'dspy: 3.0.1\npython: three\n', 2, undefined],
    ['an option as requirement', 'dspy: 3.0.1\nrequirements: ["--index-url=x"]\n', 2, undefined],
    ['an address as requirement', 'dspy: 3.0.1\nrequirements: ["x @ https://y"]\n', 2, undefined],
    ['no version', 'requirements: []\n', 1, undefined],
  ])('refuses %s, with its line', async (_name, text, line, hint) => {
    await declare('x.yaml', text);
    await expect(loadEnvironments(root)).rejects.toMatchObject({
      code: 'CX-CONFIG-INVALID',
      place: { file: 'environments/x.yaml', line },
      ...(hint === undefined ? {} : { hint }),
    });
  });

  it('refuses a name that is none', async () => {
    await declare('Über.yaml', 'dspy: 3.0.1\n');
    await expect(loadEnvironments(root)).rejects.toMatchObject({ code: 'CX-CONFIG-INVALID' });
  });
});

describe('selectEnvironments', () => {
  it('picks by name, each once, or all', async () => {
    await declare('dspy-2.6.27.yaml', 'dspy: 2.6.27\n');
    await declare('dspy-3.0.1.yaml', 'dspy: 3.0.1\n');
    const all = await loadEnvironments(root);
    const names = (chosen: string[]) => selectEnvironments(all, chosen).map((one) => one.name);
    expect(names([])).toEqual(['dspy-2.6.27', 'dspy-3.0.1']);
    expect(names(['dspy-3.0.1', 'dspy-3.0.1'])).toEqual(['dspy-3.0.1']);
    expect(() => names(['dspy-3.0.2'])).toThrowError(
      expect.objectContaining({ code: 'CX-CONFIG-REFERENCE', hint: 'Did you mean "dspy-3.0.1"?' }),
    );
  });
});
