import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadBaseline } from './baseline.ts';
import { loadSeededBugs } from './bugs.ts';
import { packageRoot } from './package-root.ts';

const repository = packageRoot();

describe('the seeded bugs of the repository', () => {
  test('load, and every role has bugs to tune on and bugs to judge by', async () => {
    const bugs = await loadSeededBugs(repository);
    for (const role of ['coder', 'planner']) {
      const splits = new Set(bugs.filter((bug) => bug.role === role).map((bug) => bug.split));
      expect([...splits].sort()).toEqual(['test', 'train', 'validation']);
    }
  });

  test.each([
    ['coder', 160, 21, ['off-by-one', 'mutable-default', 'unit-slip', 'swallowed-exception']],
    ['planner', 60, 10, ['cycle', 'deadline-missed', 'resource-clash']],
  ] as const)(
    'of the %s are at least %d, of %d kinds with six or more each, of more than one difficulty',
    async (role, least, leastKinds, some) => {
      const bugs = await loadSeededBugs(repository, { role });
      expect(bugs.length).toBeGreaterThanOrEqual(least);
      const byKind = new Map(bugs.map(({ kind }) => [kind, bugs.filter((bug) => bug.kind === kind)]));
      // A further kind may begin with one bug.
      const common = [...byKind].filter(([, ofKind]) => ofKind.length >= 6);
      expect(common.length).toBeGreaterThanOrEqual(leastKinds);
      expect(common.map(([kind]) => kind)).toEqual(expect.arrayContaining([...some]));
      for (const [kind, ofKind] of common) {
        expect(new Set(ofKind.map(({ difficulty }) => difficulty)).size, kind).toBeGreaterThan(1);
      }
    },
  );

  test.each(['coder', 'planner'])('of the %s leave the baseline room both ways', async (role) => {
    const { cases } = await loadBaseline(repository, 'eval/baseline.json');
    const outcomes = Object.entries(cases).flatMap(([key, { outcomes }]) =>
      key.startsWith(`${role}/`) ? outcomes : [],
    );
    const won = outcomes.reduce((sum, outcome) => sum + outcome, 0) / outcomes.length;
    expect(won).toBeGreaterThanOrEqual(0.3);
    expect(won).toBeLessThanOrEqual(0.7);
  });

  test('no two bugs have the same code', async () => {
    const bugs = await loadSeededBugs(repository);
    const shown = bugs.map((bug) => JSON.stringify([bug.visible['code'], bug.visible['brief']]));
    expect(new Set(shown).size).toBe(shown.length);
  });

  test.each(['coder', 'planner'])('demos of the %s are train bugs', async (role) => {
    const source = await readFile(path.join(repository, `fixtures/reference/${role}/demos.py`), 'utf8');
    const pattern = role === 'coder' ? /RepairDemo\(\s*"([\w-]+)"/g : /RuleDemo\("([\w-]+)"/g;
    const ids = [...source.matchAll(pattern)].map((match) => match[1] as string);
    expect(ids.length).toBeGreaterThan(3);
    for (const bug of await loadSeededBugs(repository, { ids: ids.map((id) => `${role}/${id}`) })) {
      expect([bug.id, bug.split]).toEqual([bug.id, 'train']);
      // A demo that differs from its bug would not be left out where that bug is judged.
      const { code, brief } = bug.visible as { code?: string; brief?: string };
      if (code !== undefined) expect(source).toContain(code);
      const sentences = [...source.matchAll(new RegExp(`"${bug.id}", Rule\\("([^"]+)"`, 'g'))];
      for (const [, sentence] of sentences) expect(brief).toContain(sentence);
    }
  });

  test('nothing that a pipeline may see holds the fix, a hidden test or the line of the bug', async () => {
    for (const bug of await loadSeededBugs(repository)) {
      const allowed = bug.role === 'coder' ? ['code', 'entry', 'examples'] : ['brief', 'plan', 'tasks'];
      expect(Object.keys(bug.visible).sort()).toEqual(allowed);
      const shown = JSON.stringify(bug.visible);
      const secret = path.join(
        repository,
        bug.folder,
        bug.role === 'coder' ? 'fixed.py' : 'hidden_tests.yaml',
      );
      expect(shown).not.toContain(JSON.stringify(await readFile(secret, 'utf8')).slice(1, -1));
    }
  });
});
