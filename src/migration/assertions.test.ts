import { describe, expect, test } from 'vitest';
import { runPythonTests } from './test-support.ts';

describe.each(['2.6.27', '3.0.1'])('Assert and Suggest in DSPy %s', (version) => {
  test('have their old meaning', async () => {
    const folders = ['python', 'src/migration/testdata'];
    const { passed, tests, output } = await runPythonTests({ version, module: 'assertions_test', folders });
    expect(passed, output).toBe(true);
    expect(tests).toBeGreaterThanOrEqual(13);
  });
});
