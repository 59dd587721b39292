import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparePackages, parseLock } from './packages.ts';
import { repository } from './test-support.ts';

const LOCK = `# a comment
aiohttp==3.14.5 \\
    --hash=sha256:00
Async_Timeout==5.0.1 ; python_full_version < '3.11' \\
    --hash=sha256:00
uvicorn[standard]==0.30.0 ; sys_platform == 'linux' \\
    --hash=sha256:00
`;

it('parseLock reads names, versions and markers', () => {
  expect(parseLock(LOCK)).toEqual([
    { name: 'aiohttp', version: '3.14.5', marker: '' },
    { name: 'async-timeout', version: '5.0.1', marker: "python_full_version < '3.11'" },
    { name: 'uvicorn', version: '0.30.0', marker: "sys_platform == 'linux'" },
  ]);
});

it('comparePackages names every difference and nothing else', () => {
  const installed = new Map([
    ['aiohttp', '3.14.4'],
    ['uvicorn', '0.30.0'],
    ['stray', '1.0'],
  ]);
  const compare = (python: string) =>
    comparePackages(parseLock(LOCK), installed, { python_full_version: python, sys_platform: 'linux' });
  const always = [
    { name: 'aiohttp', locked: '3.14.5', installed: '3.14.4' },
    { name: 'stray', locked: null, installed: '1.0' },
  ];
  expect(compare('3.11.7')).toEqual(always);
  expect(compare('3.10.1')).toContainEqual({ name: 'async-timeout', locked: '5.0.1', installed: null });
});

describe('the committed locks', async () => {
  const folder = path.join(repository, 'environments');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.lock'));
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));

  it.each(names.map((name, at) => [name, texts[at] as string]))(
    '%s has hashes and no address',
    (_name, text) => {
      expect(text).not.toMatch(/https?:|file:|find-links|index-url| @ /);
      const entries = text.split('\n').filter((line) => /^[A-Za-z0-9]/.test(line));
      expect(entries.length).toBeGreaterThan(50);
      expect(parseLock(text)).toHaveLength(entries.length);
      for (const line of entries) expect(line).toMatch(/\\$/);
    },
  );

  it('differ in DSPy and what only one version needs, so that a gain is not that of another package', () => {
    const [first, second] = texts.map((text) => parseLock(text));
    const pins = new Map<string, Set<string>>();
    for (const entry of first ?? [])
      pins.set(entry.name, (pins.get(entry.name) ?? new Set()).add(entry.version));
    const moved = (second ?? []).filter(
      (entry) => pins.has(entry.name) && !pins.get(entry.name)?.has(entry.version),
    );
    expect(moved.map((entry) => entry.name)).toEqual(['dspy']);
  });
});
