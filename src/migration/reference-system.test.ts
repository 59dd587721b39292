import { describe, expect, test } from 'vitest';
import { runPythonTests } from './test-support.ts';

const FOLDERS = ['python', 'fixtures'];

describe.each(['2.6.27', '3.0.1'])('the reference system in DSPy %s', (version) => {
  test('the old validators and the native constraints judge the same outputs alike', async () => {
    const module = 'reference_system.tests.validation_test';
    const { passed, tests, output } = await runPythonTests({ version, module, folders: FOLDERS });
    expect(passed, output).toBe(true);
    expect(tests).toBeGreaterThanOrEqual(10);
    const [, outputs, verdicts, differ] =
      /^compared: (\d+) outputs, (\d+) verdicts, (\d+) outputs differ$/m.exec(output) ?? [];
    expect(Number(outputs) - Number(differ)).toBeGreaterThanOrEqual(400);
    expect(Number(verdicts)).toBeGreaterThanOrEqual(2800);
  });

  test('every component does what it says', async () => {
    const module = 'reference_system.tests.system_test';
    const { passed, tests, output } = await runPythonTests({ version, module, folders: FOLDERS });
    expect(passed, output).toBe(true);
    expect(tests).toBeGreaterThanOrEqual(23);
  });
});
