import { expect, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { runCommand } from '../test-support.ts';

const apiDiff = (...args: string[]) => runCommand(packageRoot(), ['api-diff', ...args, '--quiet']);

test('prints a page, and one document for machines', async () => {
  const page = await apiDiff('2.6.27', 'dspy-3.0.1');
  expect(page).toMatchObject({ exitCode: 0, stderr: '' });
  expect(page.stdout).toMatch(/^# dspy 2\.6\.27 → 3\.0\.1\n/);
  const { stdout } = await apiDiff('2.6.27', '3.0.1', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    package: 'dspy',
    from: '2.6.27',
    to: '3.0.1',
    changes: expect.arrayContaining([expect.objectContaining({ subject: 'dspy.Program', breaking: true })]),
  });
});

test('the way back is compared as well', async () => {
  const { stdout } = await apiDiff('3.0.1', '2.6.27');
  expect(stdout).toContain('| `dspy.GEPA`');
});

test('a version that is not there is an error with the way to it', async () => {
  const { exitCode, stderr } = await apiDiff('2.6.27', '9.9');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/there is no environment with dspy 9\.9[\s\S]*env add dspy==9\.9/);
});
