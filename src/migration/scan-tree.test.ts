import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { type Comparison, compareVersions } from './compare.ts';
import { Scanner } from './scan.ts';

let comparison: Comparison;
let folder: string;

beforeAll(async () => {
  const versions = { root: packageRoot(), from: '2.6.27', to: '3.0.1' };
  comparison = await compareVersions({ ...versions, signal: new AbortController().signal, note: () => {} });
}, 120_000);
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tree-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MODEL = 'import dspy\nmodel = dspy.LM("x")\n';
/** A use that is a finding where `model` is known to be an LM. */
const USE = 'model.update_global_history({})\n';

/** Scans files that import each other, and says what is found where: `<file>:<line>`, or the file with its fault. */
async function found(files: Readonly<Record<string, string>>, place = '.', secondsPerFile = 20) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const scanner = new Scanner(comparison, { signal: new AbortController().signal, secondsPerFile });
  const rows = await scanner.scan(path.join(folder, place));
  return rows.files.flatMap(({ file, findings, fault }) =>
    fault === null ? findings.map(({ line }) => `${file}:${line}`) : [`${file} ${fault.message}`],
  );
}

test('a file that says nothing of the package is read where what it imports does, over any number of files', async () => {
  const passing = {
    'model.py': MODEL,
    'one.py': 'from model import model\n',
    'two.py': 'if True:\n    from one import (\n        model,\n    )\n',
    'three.py': 'import two; from\\\n two import model\n',
    'four.py': 'import sys, three as other, json\nmodel = other.model\n',
    'pack/__init__.py': '',
    'pack/inner.py': 'from four import model\n',
    'five.py': 'from pack import inner\nmodel = inner.model\n',
  };
  expect(await found({ ...passing, 'use.py': `from five import model\n${USE}` })).toEqual(['use.py:2']);
  const cut = { ...passing, 'three.py': 'model = object()\n' };
  expect(await found({ ...cut, 'use.py': `from five import model\n${USE}` })).toEqual([]);
});

test('files that import each other in a circle, by name or all names, are read', async () => {
  const circle = {
    'a.py': `from b import *\nfrom b import other, third\n${USE}other.update_global_history({})\n${USE.replace('model', 'third')}nowhere.x\n`,
    'b.py': 'from c import *\nfrom a import other, third\n',
    'c.py': `from a import *\nfrom a import third as other\n${MODEL}`,
  };
  expect(await found(circle)).toEqual(['a.py:3']);
});

test('of modules with one name the nearest is meant, and none that lies inside of a package beside the file', async () => {
  const files = {
    'one/model.py': MODEL,
    'one/use.py': `from model import model\n${USE}`,
    'two/model.py': 'model = object()\n',
    'two/use.py': `from model import model\n${USE}`,
    'two/deep/use.py': `from model import model\n${USE}`,
    'pack/__init__.py': '',
    'pack/model.py': MODEL,
    'pack/use.py': `from model import model\n${USE}`,
    'pack/right.py': `from .model import model\n${USE}`,
    'three/src/laid/__init__.py': MODEL,
    'three/tests/use.py': `from laid import model\n${USE}`,
    'three/tests/dspy.py': 'LM = object()\n',
    'three/tests/other.py': `import dspy\nmodel = dspy.LM("x")\n${USE}`,
  };
  expect(await found(files)).toEqual([
    'one/use.py:2',
    'pack/right.py:2',
    'three/tests/other.py:3',
    'three/tests/use.py:2',
  ]);
});

test('a folder inside of packages knows its own names, and nothing above it is opened', async () => {
  const files = {
    'team/__init__.py': '',
    'team/above.py': MODEL,
    'team/sub/__init__.py': '',
    'team/sub/model.py': MODEL,
    'team/sub/use.py': `from team.sub.model import model\n${USE}`,
    'team/sub/beyond.py': `from ..above import model\n${USE}`,
    'team/sub/beyond_too.py': `from team.above import model\n${USE}`,
  };
  expect(await found(files, 'team/sub')).toEqual(['use.py:2']);
  expect(await found(files, 'team/sub/use.py')).toEqual(['use.py:2']);
  expect(await found(files)).toHaveLength(3);
});

test('a name that a package binds is that, and not the module of that name', async () => {
  const use = 'from pack import model\nmodel.model.update_global_history({})\n';
  expect(await found({ 'pack/__init__.py': '', 'pack/model.py': MODEL, 'use.py': use })).toEqual([
    'use.py:2',
  ]);
  expect(await found({ 'pack/__init__.py': 'model = object()\n' })).toEqual([]);
});

test('what is no program gives nothing, and is a fault of its own only', async () => {
  const use = `from model import model\nimport dspy\n${USE}dspy.Program\n`;
  expect(await found({ 'model.py': `${MODEL}(`, 'use.py': use })).toEqual([
    expect.stringContaining("model.py '(' was never closed"),
    'use.py:4',
  ]);
});

test('a file is not charged with the time of what it imports', async () => {
  const large = `${MODEL}${'x = dspy.Module\n'.repeat(50_000)}`;
  const use = `from model import model\nimport dspy\n${USE}dspy.Program\n`;
  expect(await found({ 'model.py': large, 'use.py': use }, '.', 0.05)).toEqual([
    'model.py not understood within 0.05 s',
    'use.py:4',
  ]);
});
