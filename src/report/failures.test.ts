import { describe, expect, test } from 'vitest';
import { ConstitutionError } from '../core/errors.ts';
import { renderError } from './error.ts';
import { type FailedTest, renderFailures } from './failures.ts';

describe('renderFailures', () => {
  const failed = (name: string, ...errors: FailedTest['errors'][number][]): FailedTest => ({
    test: { name, file: 'a.test.ts' },
    state: 'failed',
    errors,
  });
  const render = (...tests: FailedTest[]) => renderFailures(tests, { color: false });

  test('tells the first error of each test that failed, and nothing where none did', () => {
    expect(render({ ...failed('a'), state: 'passed' })).toBe('');
    expect(
      render(
        failed('repairs add', {
          code: 'CX-GATEWAY-MISS',
          message: 'no recording\n- old\n+ new',
          hint: 'Record it.',
        }),
        failed('plans', { code: null, message: 'expected 1 to be 2', hint: null }),
        failed('says nothing'),
      ),
    ).toBe(
      `✗ repairs add
    CX-GATEWAY-MISS no recording
    - old
    + new
    hint Record it.
✗ plans
    expected 1 to be 2
✗ says nothing
`,
    );
  });

  test('shows five and counts the others', () => {
    const tests = Array.from({ length: 7 }, (_, at) => failed(`t${at}`));
    expect(
      render(...tests)
        .split('\n')
        .at(-2),
    ).toBe('… and 2 more failing tests.');
  });
});

describe('renderError', () => {
  const render = (error: unknown, debug = false) => renderError(error, { color: false, debug });

  test('shows the place, the line it is in, what a child printed, what else is wrong, and the way out', () => {
    const error = new ConstitutionError('CX-CONFIG-INVALID', 'repeats must be a number', {
      place: { file: 'gate.yaml', line: 4 },
      hint: 'Write repeats: 3.',
      details: { excerpt: 'repeats: x\n         ^', stderr: 'first\nlast\n', others: ['seed is missing'] },
    });
    expect(render(error)).toBe(
      `error CX-CONFIG-INVALID repeats must be a number
  at gate.yaml:4
    repeats: x
             ^
  | first
  | last
  also: seed is missing
  hint Write repeats: 3.`,
    );
  });

  test('DEBUG shows where it was raised, and by what', () => {
    const cause = new Error('the socket broke');
    const text = render(new ConstitutionError('CX-INTERNAL', 'no answer', { cause }), true);
    expect(text).toMatch(
      /ConstitutionError.*no answer[\s\S]*failures\.test\.ts[\s\S]*Error: the socket broke/,
    );
  });

  test('any other error is a fault of ours, whatever was thrown', () => {
    expect(render(new TypeError('x is no function'))).toMatch(
      /^error CX-INTERNAL x is no function\n.*DEBUG=1/,
    );
    expect(render('a text')).toContain('CX-INTERNAL a text');
    expect(render(new TypeError('x is no function'), true)).toContain('TypeError: x is no function\n    at ');
  });
});
