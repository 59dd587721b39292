import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locateEnvironment } from '../bridge/environments/index.ts';
import { packageRoot } from '../config/package-root.ts';
import type { PackageApi } from '../core/api.ts';
import { migrationScript } from './ask-python.ts';

const TOY = `
import json
from typing import Optional

__all__ = ["Old", "Made", "Inheriting", "Chosen", "Open", "old", "plain", "NUMBER", "paths"]
NUMBER = 1
print("printed while it is imported")


class Old:
    """Does something.

    .. deprecated:: 1.2
       Use New.
    """

    def __init__(self, a, *, b=1, **rest): ...
    def method(self, x: Optional[int] = None): ...
    @staticmethod
    def made(): """Deprecated. Use method."""
    @property
    def size(self): """DEPRECATED since 1.0"""
    def _own(self): ...


class Meta(type):
    def __call__(cls, *args, **kwargs):
        return super().__call__(*args, **kwargs)


class Made(metaclass=Meta):
    def __init__(self, text, *, count=2): ...


class Inheriting(Made):
    pass


class Choosing(type):
    def __call__(cls, choice): ...


class Chosen(metaclass=Choosing):
    def __init__(self, other): ...


class Open:
    def __new__(cls, *args, **kwargs): ...
    def __init__(self, first): ...


def old(): ...


old.__deprecated__ = "use plain"


def plain(a, /, b=(1, "x"), c=object()):
    """Not deprecated, though it says the word."""


def paths(home="/root/somewhere"): ...
`;

let folder: string;
let api: PackageApi;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'toy-'));
  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };
  await write('toy/__init__.py', TOY);
  await write('toy/_hidden.py', 'raise SystemExit(1)\n');
  await write('toy/broken.py', 'raise SystemExit("not here")\n');
  await write('toy/sub.py', 'from toy import plain\nfrom json import dumps\n');
  await write('toy-1.3.dist-info/METADATA', 'Metadata-Version: 2.1\nName: toy\nVersion: 1.3\n');
  const { python } = await locateEnvironment(packageRoot(), 'dspy-3.0.1');
  const { stdout } = await execa(python, [migrationScript()], {
    env: { PYTHONPATH: folder },
    input: JSON.stringify({ do: 'api', package: 'toy' }),
  });
  api = JSON.parse(stdout) as PackageApi;
});
afterAll(() => rm(folder, { recursive: true }));

test('a package says its version, its public names and what could not be imported', () => {
  expect(api.version).toBe('1.3');
  expect(Object.keys(api.names)).toEqual([
    'toy',
    'toy.Chosen',
    'toy.Inheriting',
    'toy.Made',
    'toy.NUMBER',
    'toy.Old',
    'toy.Open',
    'toy.old',
    'toy.paths',
    'toy.plain',
    'toy.sub',
    'toy.sub.plain',
  ]);
  expect(api.names['toy.sub.plain']?.of).toBe('toy.plain');
  expect(api.closed).toEqual({ 'toy.broken': 'SystemExit: not here' });
});

test('signatures are told with kinds and defaults, without places of the machine', () => {
  expect(api.names['toy.plain']?.parameters).toEqual([
    { name: 'a', kind: 'positional', default: null },
    { name: 'b', kind: 'any', default: "(1, 'x')" },
    { name: 'c', kind: 'any', default: '<object>' },
  ]);
  expect(api.names['toy.Old']?.parameters).toEqual([
    { name: 'a', kind: 'any', default: null },
    { name: 'b', kind: 'keyword', default: '1' },
    { name: 'rest', kind: '**', default: null },
  ]);
  expect(api.names['toy.paths']?.parameters?.[0]?.default).toBe('<path>');
  expect(Object.keys(api.names['toy.Old']?.members ?? {})).toEqual(['method', 'made', 'size']);
  expect(api.names['toy.Old']?.members['method']?.parameters).toEqual([
    { name: 'x', kind: 'any', default: 'None' },
  ]);
});

test('a class whose metaclass passes everything on is made with what it takes itself', () => {
  const names = (path: string) => api.names[path]?.parameters?.map(({ name, kind }) => [name, kind]);
  const taken = [
    ['text', 'any'],
    ['count', 'keyword'],
  ];
  expect([names('toy.Made'), names('toy.Inheriting')]).toEqual([taken, taken]);
  expect(names('toy.Chosen')).toEqual([['choice', 'any']]);
  expect(names('toy.Open')).toEqual([
    ['args', '*'],
    ['kwargs', '**'],
  ]);
});

test('what says that it is deprecated is told', () => {
  const { 'toy.Old': Old, 'toy.old': old, 'toy.plain': plain } = api.names;
  expect([Old?.deprecated, old?.deprecated, plain?.deprecated]).toEqual([
    'deprecated:: 1.2',
    'use plain',
    null,
  ]);
  expect(Object.values(Old?.members ?? {}).map(({ deprecated }) => deprecated)).toEqual([
    null,
    'Deprecated. Use method',
    'DEPRECATED since 1.0',
  ]);
});
