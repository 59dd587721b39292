import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { BugMaker, isNoBug, type MadeBug, type MakeRequest } from './maker.ts';
import { IMPORT, styles } from './testdata/assertion-styles.ts';

let maker: BugMaker;
beforeAll(async () => {
  maker = await BugMaker.of(packageRoot(), new AbortController().signal);
});

/** `half`, right and in a way that every test finds wrong. */
const FIXED =
  'def half(n):\n    """Half of n."""\n    if n is None:\n        raise ValueError("no n")\n    return n / 2\n';
const BUGGY = FIXED.replace('return n / 2', 'return "wrong"').replace('ValueError', 'KeyError');

async function make(tests: string, more: Partial<MakeRequest> & { files?: Record<string, string> } = {}) {
  return maker.make({
    do: 'pair',
    before: { 'numbers_/halves.py': BUGGY },
    roots: [''],
    paths: ['numbers_/halves.py'],
    tests: ['tests/test_halves.py'],
    ...more,
    files: { 'numbers_/halves.py': FIXED, 'tests/test_halves.py': tests, ...more.files },
  } as MakeRequest);
}

/** Every case that was made, as `call -> expected`, sorted. */
function casesOf(made: Awaited<ReturnType<typeof make>>): string[] {
  if (isNoBug(made)) return [`none: ${made.why}`];
  return [...made.examples, ...made.hidden]
    .map((each) =>
      'raises' in each
        ? `${each.call} raises ${each.raises}`
        : `${each.call} -> ${each.expect}${each.within === undefined ? '' : ` ~ ${each.within}`}`,
    )
    .sort();
}

const reasonsOf = (made: Awaited<ReturnType<typeof make>>) => (made as MadeBug).left.map(({ why }) => why);

/** Two assertions more, so that every table row has examples and a hidden test. */
const OTHERS =
  '\ndef test_others():\n    assert half(100) == 50\n    assert half(300) == 150\n    assert half(500) == 250\n';
const OTHER_CASES = ['half(100) -> 50', 'half(300) -> 150', 'half(500) -> 250'];

describe('what a test asserts becomes a case:', () => {
  test.each(styles)('%s', async (_name, tests, expected) => {
    const made = await make(`${tests}${OTHERS}`);
    expect(casesOf(made)).toEqual([...expected, ...OTHER_CASES].sort());
  });

  test('objects of a class of the tests, by the lines of the test itself', async () => {
    const tests = `from numbers_.halves import half\nfrom things import Thing\ndef test():\n    thing = Thing(8)\n    assert half(thing).n == 4\n`;
    const things =
      'import math\nclass Thing:\n    def __init__(self, n): self.n = math.floor(n)\n    def __truediv__(self, by): return Thing(self.n / by)\n';
    const made = await make(`${tests}${OTHERS}`, { files: { 'tests/things.py': things } });
    const [script] = casesOf(made).filter((each) => each.startsWith('exec('));
    expect(script).toContain('class Thing:');
    expect(script).toContain('import math');
    expect(script).toMatch(/value = half\(thing\)\.n.* -> 4$/);
    expect(casesOf(made)).toHaveLength(4);
  });

  test('calls before the assertion, where only they show the bug', async () => {
    const fixed =
      'def add(item, to=None):\n    """Append."""\n    to = [] if to is None else to\n    to.append(item)\n    return to\n';
    const buggy = fixed.replace('to=None', 'to=[]').replace('    to = [] if to is None else to\n', '');
    const tests =
      'from numbers_.halves import add\ndef test():\n    assert add(1) == [1]\n    assert add(2) == [2]\n    assert add(3) == [3]\n    assert add(4, [0]) == [0, 4]\n';
    const made = await make(tests, {
      before: { 'numbers_/halves.py': buggy },
      files: { 'numbers_/halves.py': fixed },
    });
    expect(made).toMatchObject({ why: null, kind: 'mutable-default', failing: 1 });
    expect(casesOf(made).join('\n')).toMatch(/exec\(.*add\(1\)\\nvalue = add\(2\)/);
  });

  test('a generator, as the list of what it yields; a dictionary of another class as a plain one', async () => {
    const fixed =
      'from collections import Counter\ndef half(n):\n    """Half."""\n    return (i for i in range(n // 2)) if n % 2 == 0 else Counter("a" * n)\n';
    const tests = `${IMPORT}def test():\n    assert list(half(4)) == [0, 1]\n    got = list(half(6))\n    assert got == [0, 1, 2]\n    assert half(3) == {"a": 3}\n`;
    const made = await make(tests, {
      before: { 'numbers_/halves.py': fixed.replace('n // 2', 'n // 2 + 1').replace('"a"', '"b"') },
      files: { 'numbers_/halves.py': fixed },
    });
    expect(casesOf(made)).toEqual([
      "dict(half(3)) -> {'a': 3}",
      'list(half(4)) -> [0, 1]',
      'list(half(6)) -> [0, 1, 2]',
    ]);
  });
});

describe('what cannot become a case is named with the reason:', () => {
  const others: [name: string, tests: string, reason: RegExp][] = [
    ['another comparison', `${IMPORT}def test():\n    assert half(8) < 5\n`, /compares by another sign/],
    [
      'a value without a literal',
      `${IMPORT}class A:\n    def __eq__(self, other): return True\ndef test():\n    assert half(8) == A()\n`,
      /expects a A, which has no literal/,
    ],
    ['a test that fails on the fix', `${IMPORT}def test():\n    assert half(8) == 5\n`, /AssertionError/],
    [
      'a test that is skipped',
      `import pytest\n${IMPORT}@pytest.mark.skip\ndef test():\n    assert half(8) == 4\n`,
      /skipped/,
    ],
    [
      'a test that hangs',
      `${IMPORT}def test():\n    half(1)\n    while True: pass\n`,
      /does not end within 2 s/,
    ],
    [
      'an unknown fixture',
      `${IMPORT}def test(mocker):\n    assert half(8) == 4\n`,
      /the fixture mocker is not known here/,
    ],
    ['an asynchronous test', `${IMPORT}async def test():\n    assert half(8) == 4\n`, /asynchronous/],
  ];
  test.each(others)('%s', async (_name, tests, reason) => {
    const made = await make(`${tests}${OTHERS}`);
    expect(casesOf(made)).toEqual(OTHER_CASES);
    expect(reasonsOf(made)).toEqual([expect.stringMatching(reason)]);
  });

  const hopeless: [name: string, tests: string, reason: RegExp][] = [
    ['tests of something else', 'def test():\n    assert 1 + 1 == 2\n', /no test calls half/],
    ['a package that is not there', 'import numpy\ndef test(): pass\n', /No module named 'numpy'/],
    ['a test file that is no Python', 'def test(:\n', /invalid syntax/],
    ['a test file that hangs', 'while True: pass\n', /does not end within 2 s/],
    ['a test file that leaves', 'import os\nos._exit(0)\n', /did not come to their end/],
    [
      'one that floods its output',
      `import os\nwhile True: os.write(1, b"x" * 65536)\n`,
      /does not end within 2 s/,
    ],
  ];
  test.each(hopeless)('%s', async (_name, tests, reason) => {
    const made = await make(tests);
    expect((made as MadeBug).why).toMatch(reason);
    expect((made as MadeBug).hidden).toEqual([]);
  });
});

describe('a program stands by itself:', () => {
  test('with what it needs of its own and other modules, and no more', async () => {
    const fixed =
      'import math\nimport json\nfrom .scale import scaled as times\nLIMIT = 3\nOTHER = 4\ndef unused(): pass\ndef half(n):\n    """Half."""\n    return times(min(math.floor(n), LIMIT)) / 2\n';
    const scale = 'FACTOR = 1\ndef scaled(n):\n    return n * FACTOR\n';
    const made = (await make(
      `${IMPORT}def test():\n    assert half(2.5) == 1\n    assert half(9) == 1.5\n    assert half(1) == 0.5\n`,
      {
        before: { 'numbers_/halves.py': fixed.replace('/ 2', '/ 3') },
        files: { 'numbers_/halves.py': fixed, 'numbers_/scale.py': scale },
      },
    )) as MadeBug;
    expect(made.why).toBeNull();
    expect(made.fixed).toBe(
      'import math\n\nLIMIT = 3\nFACTOR = 1\n\n\ndef scaled(n):\n    return n * FACTOR\ntimes = scaled\n\n\n' +
        'def half(n):\n    """Half."""\n    return times(min(math.floor(n), LIMIT)) / 2\n',
    );
    expect(made.line).toBe(14);
  });

  const refused: [name: string, program: string, reason: RegExp][] = [
    [
      'a package that a sandbox does not have',
      'import numpy as np\ndef half(n):\n    return np.array(n)\n',
      /needs the package numpy/,
    ],
    [
      'a module as a whole',
      'from . import scale\ndef half(n):\n    return scale.f(n)\n',
      /uses the module scale as a whole/,
    ],
    ['a method', 'class A:\n    def half(self): return 1\n', /the method A.half; a seeded bug is a function/],
    ['an asynchronous function', 'async def half(n):\n    return 1\n', /no function of .* has changed/],
    ['no Python', 'def half(n:\n', /is no Python/],
  ];
  test.each(refused)('%s is refused', async (_name, program, reason) => {
    const made = await make(IMPORT, {
      before: { 'numbers_/halves.py': program.replace(/return (.*)/, 'return 2, $1') },
      files: { 'numbers_/halves.py': program, 'numbers_/scale.py': 'def f(n): return n\n' },
    });
    expect(isNoBug(made)).toBe(true);
    expect(made.why).toMatch(reason);
  });

  test('a changed helper that tests know through its caller only: the caller is the bug', async () => {
    const fixed = `${FIXED.replace('n / 2', '_shared(n)[0]')}\n\ndef _shared(n):\n    return [n / 2]\n`;
    const made = await make(`${IMPORT}${OTHERS}`, {
      before: { 'numbers_/halves.py': fixed.replace('n / 2', 'n / 3') },
      files: { 'numbers_/halves.py': fixed },
    });
    expect(made).toMatchObject({ entry: 'half', kind: 'wrong-helper', why: null });
    expect(casesOf(made)).toEqual(OTHER_CASES);
  });

  test('a call that the docstring shows is an example, never a hidden test', async () => {
    const fixed = FIXED.replace('Half of n.', 'Half of n: half( 8 ) is 4.');
    const made = (await make(`${IMPORT}def test():\n    assert half(8) == 4\n${OTHERS}`, {
      before: { 'numbers_/halves.py': fixed.replace('n / 2', 'n') },
      files: { 'numbers_/halves.py': fixed },
    })) as MadeBug;
    expect(made.examples.map(({ call }) => call)).toContain('half(8)');
    expect(made.hidden.map(({ call }) => call)).not.toContain('half(8)');
  });
});
