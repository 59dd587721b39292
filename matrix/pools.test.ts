import { describe, expect, test } from 'vitest';
import { runBothWays, tableOf } from './compare.ts';
import { VERSIONS } from './versions.ts';

const POOLS = ['forks', 'threads', 'vmThreads', 'vmForks'] as const;
const SETTINGS = [
  ['each file in a context of its own', ['--isolate']],
  // One worker: files follow each other in it.
  ['files that share a worker', ['--no-isolate', '--maxWorkers=1']],
] as const;

describe.each(VERSIONS)('vitest $line', (version) => {
  describe.each(POOLS)('pool %s', (pool) => {
    test.each(SETTINGS)('%s', async (_name, args) => {
      const { governed } = await runBothWays(version, 'pools', { args: [`--pool=${pool}`, ...args] });
      expect(tableOf(governed)).toContain('2 articles · 11 tests governed');
    });
  });
});
