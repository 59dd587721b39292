import { describe, expect, test } from 'vitest';
import { runBothWays, tableOf } from './compare.ts';
import type { Ended } from './run-vitest.ts';
import { VERSIONS } from './versions.ts';

const WITHOUT = 'without the plugin (an inline project has it with `extends: true`)';
const notes = ({ stderr }: Ended) => stderr.split('\n').filter((line) => line.includes('not governed: '));

describe.each(VERSIONS)('vitest $line', (version) => {
  test('projects with the plugin are governed, the others are named', async () => {
    const { governed, plain } = await runBothWays(version, 'projects');
    expect(tableOf(governed)).toContain('2 articles · 4 tests governed');
    expect(notes(governed)).toEqual([` not governed: projects inline, file ${WITHOUT}`]);
    expect(notes(plain)).toEqual([]);
  });

  test('where no project has the plugin, that is said', async () => {
    const { governed } = await runBothWays(version, 'nobody-governed');
    expect(tableOf(governed)).toBeUndefined();
    expect(notes(governed)).toEqual([`Constitution  not governed: projects first, second ${WITHOUT}`]);
  });

  test('an inline project that says nothing about its root', async () => {
    const { governed } = await runBothWays(version, 'inline-project');
    // It has the plugins of its root since vitest 5.
    const expected = version.line === '5' ? [] : [`Constitution  not governed: project inline ${WITHOUT}`];
    expect(notes(governed)).toEqual(expected);
    if (version.line === '5') expect(tableOf(governed)).toContain('1 test governed');
  });
});

test('a workspace file, which vitest 4 no longer reads', async () => {
  const [oldest] = VERSIONS;
  if (oldest === undefined) throw new Error('unreachable');
  const { governed } = await runBothWays(oldest, 'workspace');
  expect(tableOf(governed)).toContain('1 test governed');
  expect(notes(governed)).toEqual([` not governed: project inline ${WITHOUT}`]);
});
