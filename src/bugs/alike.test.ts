import { describe, expect, test } from 'vitest';
import { alikeFindings, type ShapedBug } from './alike.ts';

const bug = (key: string, shape: string): ShapedBug => ({
  key,
  role: key.split('/')[0] as string,
  folder: `seeded-bugs/${key}`,
  shape: shape.split(' ').filter(Boolean),
});

describe('bugs that are alike', () => {
  test('are found among those asked for, each naming the one that is most like it', () => {
    const asked = [
      bug('coder/a', '1 2 3 4 5 6 7 8'),
      bug('coder/b', '1 2 3 4 5 6 7 9'),
      bug('coder/c', '1 2 3 4 5 6 7 8'),
    ];
    const found = alikeFindings(asked, [], 0.8);
    expect([...found].map(([key, { code, message }]) => [key, code, message])).toEqual([
      ['coder/a', 'CX-BUG-ALIKE', 'has 100 % of its form in common with coder/c, at most 80 % may be'],
      ['coder/b', 'CX-BUG-ALIKE', 'has 88 % of its form in common with coder/a, at most 80 % may be'],
      ['coder/c', 'CX-BUG-ALIKE', 'has 100 % of its form in common with coder/a, at most 80 % may be'],
    ]);
    expect(found.get('coder/a')?.place).toEqual({ file: 'seeded-bugs/coder/a' });
  });

  test('are found among the others, which get no finding themselves', () => {
    const found = alikeFindings([bug('coder/new', '1 2 3')], [bug('coder/old', '1 2 3')], 0.9);
    expect([...found.keys()]).toEqual(['coder/new']);
  });

  test.each([
    ['at the ceiling itself', bug('coder/b', '1 2 3 5'), 0.75],
    ['of another role', bug('planner/b', '1 2 3 4'), 0.75],
    ['whose prover says nothing of its form', bug('coder/b', ''), 0],
  ])('are not %s', (_, other, above) => {
    expect(alikeFindings([bug('coder/a', '1 2 3 4')], [other], above).size).toBe(0);
  });
});
