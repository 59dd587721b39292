import { expect, test } from 'vitest';
import { pipelineRun } from '../../core/verdict/pipeline-run.fixture.ts';
import { GateProgress } from './progress.ts';

/** A run of ten bugs, each with two runs, whose clock is moved by hand. */
function progressOf(total = 10) {
  const lines: string[] = [];
  let now = 1_000;
  const progress = new GateProgress(
    total,
    (line) => lines.push(line),
    () => now,
  );
  progress.onTestRunStart();
  const end = (name: string, { seconds = 0, resumed = 0, runs = 2 }) => {
    now += seconds * 1000;
    const made = Array.from({ length: runs }, () => pipelineRun({}));
    progress.onTestCaseResult({
      name,
      meta: () => ({ constitution: { runs: made, ...(resumed ? { resumed } : {}) } }),
    });
  };
  return { lines, end };
}

test('says how many bugs are done and how long the rest takes, at most every five seconds', () => {
  const { lines, end } = progressOf();
  end('a', { seconds: 3 });
  end('b', { seconds: 3 });
  end('c', { seconds: 3 });
  end('d', { seconds: 3 });
  expect(lines).toEqual(['  2 of 10 bugs · about 24 s left · b', '  4 of 10 bugs · about 18 s left · d']);
});

test('runs kept from before take no time, and are told', () => {
  const { lines, end } = progressOf();
  for (const name of ['a', 'b', 'c', 'd']) end(name, { resumed: 2 });
  end('e', { seconds: 6 });
  // Two runs took 6 s, and ten are left.
  expect(lines).toEqual(['  5 of 10 bugs · about 30 s left · 8 runs kept from before · e']);
});

test('while everything was kept, no time is guessed', () => {
  const { lines, end } = progressOf();
  end('a', { seconds: 6, resumed: 2 });
  expect(lines).toEqual(['  1 of 10 bugs · 2 runs kept from before · a']);
});

test('a test without runs is no bug, and the last bug needs no line', () => {
  const { lines, end } = progressOf(2);
  end('signatures of coder', { seconds: 6, runs: 0 });
  end('a', { seconds: 1 });
  end('b', { seconds: 6 });
  expect(lines).toEqual(['  1 of 2 bugs · about 7 s left · a']);
});

test('a long rest is told in minutes', () => {
  const { lines, end } = progressOf(61);
  end('a', { seconds: 10 });
  expect(lines).toEqual(['  1 of 61 bugs · about 10 min left · a']);
});
