import { describe, expect, test } from 'vitest';
import { callSandbox, sandboxModes } from './test-support.ts';

describe.each(sandboxModes)('calls, %s', (mode) => {
  const evaluate = (source: string, expressions: string[], options: object = {}) =>
    callSandbox<unknown>('evaluate_calls', { source, expressions, ...options }, { mode });
  const value = (of: unknown) => ({ ok: true, value: of, error: null, ended: null });
  const failure = (text: string, ended: string | null = null) => ({
    ok: false,
    value: null,
    error: expect.stringContaining(text),
    ended,
  });

  test('return values and errors, each for itself', async () => {
    const source = 'def half(n):\n    return n / 2';
    const expressions = ['half(3)', 'half("x")', '[half(1), {"a": None}]', 'half(', 'exit()'];
    expect(await evaluate(source, expressions)).toEqual([
      value(1.5),
      failure('TypeError'),
      value([0.5, { a: null }]),
      failure('SyntaxError'),
      failure('NameError'),
    ]);
  });

  test('a program that does not load fails every call', async () => {
    expect(await evaluate('import nothing', ['1', '2'])).toEqual([failure('nothing'), failure('nothing')]);
  });

  test('results before a hang are kept', async () => {
    const source = 'def f(n):\n    while n: pass\n    return n';
    expect(await evaluate(source, ['f(0)', 'f(1)', 'f(0)'], { timeout_s: 0.5 })).toEqual([
      value(0),
      failure('timeout', 'timeout'),
      failure('timeout', 'timeout'),
    ]);
  });

  test('several programs share a process, but no names, no time limit and no end', async () => {
    const programs = [
      ['shared = [1]\ndef f(n):\n    while n: pass\n    return n', ['f(0)', 'f(1)', 'f(0)']],
      ['', ['shared', '1']],
      ['import nothing', ['1']],
      ['import os', ['os._exit(0)', '1']],
      ['', ['print("x" * 10**6)', '1']],
      ['import time', ['time.sleep(0.7)', '1']],
      ['import time', ['time.sleep(0.7)', '1']],
    ];
    const options = { programs, timeout_s: 1, output_limit: 2000 };
    const results = await callSandbox('evaluate_programs', options, { mode });
    expect(results).toEqual([
      [value(0), failure('timeout', 'timeout'), failure('timeout', 'timeout')],
      [failure('NameError'), value(1)],
      [failure('nothing')],
      [failure('ended', 'ok'), failure('ended', 'ok')],
      [failure('ended', 'output'), failure('ended', 'output')],
      [value(null), value(1)],
      [value(null), value(1)],
    ]);
  });

  test.each([
    ['leaving with exit code 0', 'import os\ndef f(): os._exit(0)'],
    [
      'a value that equals everything',
      'class E:\n    def __eq__(self, other): return True\ndef f(): return E()',
    ],
    ['an int that lies', 'class I(int):\n    def __repr__(self): return "42"\ndef f(): return I(1)'],
    ['printing the answer', 'def f():\n    print("ok 42"); raise ValueError'],
    [
      'patched builtins',
      'import builtins, json\nbuiltins.repr = json.dumps = lambda *a: "42"\ndef f(): return [object()]',
    ],
    [
      'reports written to every descriptor without the marker',
      'import os\ndef f():\n    for fd in range(3, 64):\n        try: os.write(fd, b"0 ok \'42\'\\n")\n        except OSError: pass\n    os._exit(0)',
    ],
  ])('no verdict is forged by %s', async (_name, source) => {
    expect(await evaluate(source, ['f()'])).toEqual([
      expect.objectContaining({ ok: false, value: null, error: expect.any(String) }),
    ]);
  });
});
