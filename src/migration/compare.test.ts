import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { renderApiDiff } from '../report/api-diff.ts';
import { type Comparison, compareVersions } from './compare.ts';
import { environmentOf } from './read-api.ts';

const options = { root: packageRoot(), signal: new AbortController().signal, note: () => {} };

let comparison: Comparison;
beforeAll(async () => {
  comparison = await compareVersions({ ...options, from: '2.6.27', to: '3.0.1' });
});

describe('DSPy 2.6.27 and 3.0.1', () => {
  test.each([
    ['moved', 'dspy.Program'],
    ['removed', 'dspy.ChainOfThoughtWithHint'],
    ['removed', 'dspy.BaseType'],
    ['removed', 'dspy.retrieve'],
    ['removed', 'dspy.experimental'],
    ['removed', 'dspy.primitives.assertions'],
    ['removed-before', 'dspy.Assert'],
    ['behavior', 'dspy.Evaluate#__call__'],
    ['parameter-removed', 'dspy.Evaluate#__call__(return_outputs)'],
    ['parameter-removed', 'dspy.Evaluate(return_outputs)'],
    ['default', 'dspy.Evaluate(max_errors)'],
    ['default', 'dspy.ReAct(max_iters)'],
    ['member-removed', 'dspy.BaseLM#update_global_history'],
    ['member-added', 'dspy.BaseLM#update_history'],
    ['setting-removed', 'dspy.settings[bypass_assert]'],
    ['setting-added', 'dspy.settings[max_trace_size]'],
    ['added', 'dspy.GEPA'],
    ['added', 'dspy.Embeddings'],
  ])('%s: %s', (kind, subject) => {
    expect(comparison.changes).toContainEqual(expect.objectContaining({ kind, subject }));
  });

  test('nothing of the machine is in what changed', () => {
    expect(JSON.stringify(comparison.changes)).not.toContain(packageRoot());
  });

  test('every hint speaks of what changed, or of what is in neither version', () => {
    const changed = new Set(comparison.changes.map(({ subject }) => subject));
    const { before, after } = comparison;
    for (const { subject } of comparison.hints) {
      const known = changed.has(subject) || !(subject in before.names || subject in after.names);
      expect([subject, known]).toEqual([subject, true]);
      if (!changed.has(subject)) expect(subject).toMatch(/^dspy\.\w+$/);
    }
  });

  test('what a hint recommends is there', () => {
    const { after } = comparison;
    for (const { subject, advice, replace } of comparison.hints) {
      const named = [...advice.matchAll(/`(dspy(?:\.\w+)+)`/g)].map((match) => match[1] as string);
      for (const path of [...named, ...(replace ? [replace] : [])])
        expect([subject, path, path in after.names]).toEqual([subject, path, true]);
    }
  });

  test('a replacement is the very same thing in the earlier version', () => {
    const { before, hints } = comparison;
    const replaced = hints.filter(({ replace }) => replace !== undefined);
    expect(replaced.length).toBeGreaterThan(0);
    for (const { subject, replace } of replaced)
      expect(before.names[subject]?.of).toBe(before.names[replace as string]?.of);
  });

  test('every change that may break a program has advice', () => {
    const advised = new Set(comparison.hints.map(({ subject }) => subject));
    const without = comparison.changes.filter(
      ({ breaking, kind, subject }) => breaking && kind !== 'moved' && !advised.has(subject),
    );
    expect(without.map(({ subject }) => subject)).toEqual([]);
  });

  test('a default that a hint names is the one that was, and settings have the one that is', () => {
    const told = comparison.hints.flatMap(({ subject, change }) => {
      const [, was, is] =
        /default was (\d+), and comes from the settings now, where it is (\d+)/.exec(change) ?? [];
      return was === undefined ? [] : [{ subject, was, is }];
    });
    expect(told.length).toBeGreaterThan(5);
    for (const { subject, was, is } of told) {
      const change = comparison.changes.find((one) => one.subject === subject && one.kind === 'default');
      expect([subject, change?.before, comparison.after.settings['max_errors']]).toEqual([subject, was, is]);
    }
  });

  test('what a hint says to behave otherwise is seen to', async () => {
    const probe = path.join(packageRoot(), 'src/migration/testdata/behaviors.py');
    const [before, after] = await Promise.all(
      ['2.6.27', '3.0.1'].map(async (version) => {
        const { python, processEnv } = await environmentOf(packageRoot(), version);
        const { stdout } = await execa(python, [probe], { env: processEnv, extendEnv: false });
        return JSON.parse(stdout) as Record<string, unknown>;
      }),
    );
    const otherwise = comparison.hints.filter(({ behaves }) => behaves).map(({ subject }) => subject);
    expect(Object.keys(before ?? {}).sort()).toEqual(otherwise.sort());
    for (const subject of otherwise)
      expect([subject, after?.[subject]]).not.toEqual([subject, before?.[subject]]);
  });

  test('make a page', () => {
    const { before, after, changes, hints } = comparison;
    const page = renderApiDiff({ package: 'dspy', from: before.version, to: after.version, changes, hints });
    expect(page).toMatch(
      /^# dspy 2\.6\.27 → 3\.0\.1\n\n\d+ changes may break a program, \d+ add something\.\n/,
    );
    expect(page).toContain(
      '| `dspy.Program` | The old name of `dspy.Module` is gone. | Use `dspy.Module`; it is the same class. |',
    );
    expect(page).toContain('\n- `dspy.GEPA`\n');
    expect(page).toMatch(
      /\nGone before 2\.6\.27 already:\n(.*\n){3}\| `dspy\.Assert` \| DSPy has no assertions/,
    );
  });
});

test('a version that no environment has is named, with the way to one', async () => {
  await expect(compareVersions({ ...options, from: '2.6.28', to: '3.0.1' })).rejects.toMatchObject({
    code: 'CX-CONFIG-REFERENCE',
    hint: 'Did you mean "2.6.27"? `env add dspy==2.6.28` makes one.',
  });
});
