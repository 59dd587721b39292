import { expect, test } from 'vitest';
import { Progress } from './progress.ts';

test('nothing is said of two seconds, then every other second how far it is and what is left', () => {
  const lines: string[] = [];
  let now = 0;
  const progress = new Progress(
    8,
    (line) => lines.push(line),
    () => now,
  );
  for (let step = 1; step <= 8; step++) {
    now += 900;
    progress.step(`bug ${step}`);
  }
  expect(lines).toEqual(['  3 of 8 · about 5 s left · bug 3', '  6 of 8 · about 2 s left · bug 6']);
});
