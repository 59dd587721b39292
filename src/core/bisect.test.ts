import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bisect, EndsDisagree, type Trial } from './bisect.ts';

const named = (count: number) => Array.from({ length: count }, (_, index) => `1.${index}`);

/** Tries versions of which all from `change` on are bad, and some cannot be tried. */
function tester(versions: readonly string[], change: number, skipped: ReadonlySet<number> = new Set()) {
  const tried: string[] = [];
  const trial = async (version: string): Promise<Trial> => {
    tried.push(version);
    const index = versions.indexOf(version);
    if (skipped.has(index)) return 'skip';
    return index < change ? 'good' : 'bad';
  };
  return { tried, trial };
}

test('finds the version, each tried once, in about log2 of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 200 }), fc.nat(), async (count, seed) => {
      const versions = named(count);
      const change = 1 + (seed % (count - 1));
      const { tried, trial } = tester(versions, change);
      expect(await bisect(versions, trial)).toEqual({
        lastGood: versions[change - 1],
        firstBad: versions[change],
        untried: [],
      });
      expect(new Set(tried).size).toBe(tried.length);
      expect(tried.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(count)));
    }),
  );
});

test('what cannot be tried is told where the change may be in it, and only there', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 3, max: 60 }),
      fc.nat(),
      fc.array(fc.nat(), { maxLength: 40 }),
      async (count, seed, skips) => {
        const versions = named(count);
        const change = 1 + (seed % (count - 1));
        const skipped = new Set(skips.map((skip) => 1 + (skip % (count - 2))));
        const { lastGood, firstBad, untried } = await bisect(
          versions,
          tester(versions, change, skipped).trial,
        );
        const [good, bad] = [versions.indexOf(lastGood), versions.indexOf(firstBad)];
        expect(good).toBeLessThan(change);
        expect(bad).toBeGreaterThanOrEqual(change);
        expect(untried).toEqual(versions.slice(good + 1, bad));
        for (const version of untried) expect(skipped).toContain(versions.indexOf(version));
      },
    ),
  );
});

test.each<[string, Trial, Trial, string, Trial]>([
  ['the good end is bad', 'bad', 'bad', '1.0', 'bad'],
  ['the good end cannot be tried', 'skip', 'bad', '1.0', 'skip'],
  ['the bad end is good', 'good', 'good', '1.3', 'good'],
])('%s', async (_, first, last, version, trial) => {
  const versions = named(4);
  const found = bisect(versions, async (one) => (one === '1.0' ? first : last));
  await expect(found).rejects.toThrow(EndsDisagree);
  await expect(found).rejects.toMatchObject({ version, trial });
});

test('one version is no range', async () => {
  await expect(bisect(['1.0'], async () => 'good')).rejects.toThrow(RangeError);
});
