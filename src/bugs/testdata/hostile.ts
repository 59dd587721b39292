/** Text of a `hidden_tests.yaml`. */
export const hidden = (...tests: [call: string, expected: string][]) =>
  tests
    .map(([call, expected]) => `- call: ${JSON.stringify(call)}\n  expect: ${JSON.stringify(expected)}\n`)
    .join('');

/** A sound bug's hidden tests with one more in their midst. */
export const withTest = (call: string, expected: string) => (text: string) =>
  text.replace('- call:', `${hidden([call, expected])}- call:`);

/** Row by row: folder, file that is wrong, how, code of the finding, where, what it says. */
export const hostile: [
  id: string,
  file: string,
  change: (text: string) => string | null,
  code: string,
  place: string,
  message: RegExp,
][] = [
  ['no-fix', 'fixed.py', () => null, 'CX-CONFIG-MISSING', 'fixed.py', /cannot be read/],
  ['no-tests', 'hidden_tests.yaml', () => null, 'CX-CONFIG-MISSING', 'hidden_tests.yaml', /cannot be read/],
  [
    'unknown-key',
    'bug.yaml',
    (text) => `${text}tags: [a]\n`,
    'CX-CONFIG-INVALID',
    'bug.yaml',
    /unknown key "tags"/,
  ],
  [
    'passes-on-bug',
    'hidden_tests.yaml',
    () => hidden(...[1, 2, 3, 4, 5].map((n): [string, string] => [`countdown(-${n})`, '[]'])),
    'CX-BUG-PASSES',
    'hidden_tests.yaml',
    /^0 hidden tests fail on buggy.py, at least 5 must; passing: countdown\(-1\)/,
  ],
  [
    'wrong-fix',
    'fixed.py',
    (text) => text.replace('0, -1', '-1, -1'),
    'CX-BUG-FIX',
    'hidden_tests.yaml',
    /^countdown\(1\) on fixed.py is \[1, 0\], expected \[1\]$/,
  ],
  ['fix-no-python', 'fixed.py', (text) => `${text}\n)\n`, 'CX-BUG-FIX', 'hidden_tests.yaml', /SyntaxError/],
  [
    'example-right',
    'bug.yaml',
    (text) => text.replace('countdown(3)', 'countdown(-3)').replace('[3, 2, 1]', '[]'),
    'CX-BUG-EXAMPLES',
    'bug.yaml',
    /every visible example passes/,
  ],
  [
    'overlapping',
    'hidden_tests.yaml',
    withTest('countdown( 3 )', '[3, 2, 1]'),
    'CX-BUG-OVERLAP',
    'hidden_tests.yaml',
    /countdown\( 3 \) is hidden, but also among the visible examples/,
  ],
  [
    'in-docstring',
    'buggy.py',
    (text) => text.replace('"""Return', '"""countdown(2) is [2, 1]. Return'),
    'CX-BUG-OVERLAP',
    'hidden_tests.yaml',
    /countdown\(2\) is hidden, but also in the text of buggy.py/,
  ],
  [
    'no-literal',
    'hidden_tests.yaml',
    withTest('countdown(9)', '[9,'),
    'CX-CONFIG-INVALID',
    'hidden_tests.yaml',
    /\[9, is no Python literal/,
  ],
  [
    // Alone, the examples see a fresh interpreter; later they share one with the hidden tests.
    'unstable',
    'fixed.py',
    (text) =>
      `import math\nmath.seen = getattr(math, 'seen', 0) + 1\n${text.replace('start, 0', 'start, math.seen - 1')}`,
    'CX-BUG-UNSTABLE',
    'bug.yaml',
    /only in 4 of 5 runs/,
  ],
  [
    'unstable-bug',
    'buggy.py',
    (text) =>
      `import math\nmath.seen = getattr(math, 'seen', 0) + 1\n${text.replace('start, 1', 'start, 2 - math.seen')}`,
    'CX-BUG-UNSTABLE',
    'bug.yaml',
    /^countdown\(3\) passes on buggy.py in 4 of 5 runs$/,
  ],
  [
    'hangs',
    'hidden_tests.yaml',
    withTest('[1 for _ in iter(int, 1) if False]', '[]'),
    'CX-BUG-TIMEOUT',
    'hidden_tests.yaml',
    /on fixed.py does not end within 2 s/,
  ],
  [
    'hangs-at-once',
    'fixed.py',
    (text) => `import time\n${text}\ntime.sleep(600)\n`,
    'CX-BUG-TIMEOUT',
    'hidden_tests.yaml',
    /does not end within 2 s/,
  ],
  [
    'forks',
    'hidden_tests.yaml',
    withTest("__import__('os').fork()", '0'),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /PermissionError/,
  ],
  [
    'fork-bomb',
    'fixed.py',
    (text) => `import os\n${text}\nwhile True: os.fork()\n`,
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /PermissionError/,
  ],
  [
    'fills-the-disk',
    'hidden_tests.yaml',
    withTest("[open(str(n), 'wb').write(bytes(1 << 20)) for n in range(64)][-1]", '1048576'),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /OSError: \[Errno 28\]/,
  ],
  [
    'reads-passwd',
    'hidden_tests.yaml',
    withTest("open('/etc/passwd').read(4)", "'root'"),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /FileNotFoundError/,
  ],
  [
    'reads-environment',
    'hidden_tests.yaml',
    withTest("__import__('os').environ['PATH']", "'/bin'"),
    'CX-BUG-FIX',
    'hidden_tests.yaml',
    /KeyError: 'PATH'/,
  ],
  [
    'prints-a-gigabyte',
    'hidden_tests.yaml',
    withTest("[print('x' * (1 << 20)) for _ in range(1 << 10)][-1]", 'None'),
    'CX-BUG-LIMIT',
    'hidden_tests.yaml',
    /prints more than the sandbox takes/,
  ],
  [
    'leaves',
    'hidden_tests.yaml',
    withTest("__import__('os')._exit(0)", 'None'),
    'CX-BUG-LIMIT',
    'hidden_tests.yaml',
    /ends its process/,
  ],
  [
    'eats-memory',
    'hidden_tests.yaml',
    withTest('len(bytearray(1 << 30))', '1073741824'),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /MemoryError/,
  ],
];
