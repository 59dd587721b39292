import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { renderApiDiff } from '../report/api-diff.ts';
import { type Comparison, compareVersions } from './compare.ts';

const options = { root: packageRoot(), signal: new AbortController().signal, note: () => {} };

let comparison: Comparison;
beforeAll(async () => {
  comparison = await compareVersions({ ...options, from: '2.6.27', to: '3.0.1' });
}, 120_000);

describe('DSPy 2.6.27 and 3.0.1', () => {
  test.each([
    ['moved', 'dspy.Program'],
    ['removed', 'dspy.ChainOfThoughtWithHint'],
    ['removed', 'dspy.BaseType'],
    ['removed', 'dspy.retrieve'],
    ['removed', 'dspy.experimental'],
    ['removed', 'dspy.primitives.assertions'],
    ['parameter-removed', 'dspy.Evaluate(return_outputs)'],
    ['default', 'dspy.Evaluate(max_errors)'],
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
  });
});

test('a version that no environment has is named, with the way to one', async () => {
  await expect(compareVersions({ ...options, from: '2.6.28', to: '3.0.1' })).rejects.toMatchObject({
    code: 'CX-CONFIG-REFERENCE',
    hint: 'Did you mean "2.6.27"? `env add dspy==2.6.28` makes one.',
  });
});
