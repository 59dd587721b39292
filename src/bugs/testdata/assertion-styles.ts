/** The head of every test file. */
export const IMPORT = 'from numbers_.halves import half\n';

/** Row by row: how a test says what it expects, its text, and the cases that come of it. */
export const styles: [name: string, tests: string, expected: string[]][] = [
  ['an equation', `${IMPORT}def test():\n    assert half(8) == 4\n`, ['half(8) -> 4']],
  ['an equation the other way round', `${IMPORT}def test():\n    assert 4 == half(8)\n`, ['half(8) -> 4']],
  [
    'several at once',
    `${IMPORT}def test():\n    assert half(8) == 4 and half(6) == 3\n`,
    ['half(6) -> 3', 'half(8) -> 4'],
  ],
  [
    'a variable',
    `${IMPORT}def test():\n    n = 8\n    result = half(n)\n    assert result == 4\n`,
    ['half(8) -> 4'],
  ],
  [
    'an expression around the call',
    `${IMPORT}def test():\n    n = 8\n    assert [half(n), n] == [4, 8]\n`,
    ['[half(8), 8] -> [4, 8]'],
  ],
  [
    'a loop',
    `${IMPORT}def test():\n    for n, want in [(2, 1), (4, 2)]:\n        assert half(n) == want\n`,
    ['half(2) -> 1', 'half(4) -> 2'],
  ],
  [
    'another name',
    `from numbers_ import halves as h\nfrom numbers_.halves import half as x\ndef test():\n    assert x(8) == 4\n    assert h.half(6) == 3\nhalf = x\n`,
    ['half(6) -> 3', 'half(8) -> 4'],
  ],
  [
    'an exception',
    `import pytest\n${IMPORT}def test():\n    with pytest.raises(ValueError, match="no"):\n        half(None)\n`,
    ['half(None) raises ValueError'],
  ],
  [
    'its base class',
    `import pytest\n${IMPORT}def test():\n    with pytest.raises(Exception):\n        half(None)\n`,
    ['half(None) raises ValueError'],
  ],
  [
    'approx',
    `import pytest\n${IMPORT}def test():\n    assert half(0.2) == pytest.approx(0.1, abs=0.01)\n`,
    ['half(0.2) -> 0.1 ~ 0.01'],
  ],
  [
    'parametrize',
    `import pytest\n${IMPORT}@pytest.mark.parametrize("n,want", [(8, 4), pytest.param(6, 3), pytest.param(1, 9, marks=pytest.mark.skip)])\ndef test(n, want):\n    assert half(n) == want\n`,
    ['half(6) -> 3', 'half(8) -> 4'],
  ],
  [
    'a fixture',
    `import pytest\n${IMPORT}@pytest.fixture\ndef n():\n    yield 8\ndef test(n):\n    assert half(n) == 4\n`,
    ['half(8) -> 4'],
  ],
  [
    'a class',
    `${IMPORT}class TestHalf:\n    def setup_method(self, method):\n        self.n = 8\n    def test(self):\n        assert half(self.n) == 4\n`,
    ['half(8) -> 4'],
  ],
  [
    'unittest',
    `import unittest\n${IMPORT}class HalfTest(unittest.TestCase):\n    def setUp(self):\n        self.n = 8\n    def test(self):\n        self.assertEqual(half(self.n), 4)\n        self.assertAlmostEqual(half(0.2), 0.1, places=3)\n        with self.assertRaises(ValueError):\n            half(None)\n        self.assertRaises(ValueError, half, None)\n`,
    ['half(0.2) -> 0.1 ~ 0.0005', 'half(8) -> 4', 'half(None) raises ValueError'],
  ],
  [
    'truth',
    `${IMPORT}def test():\n    assert half(8)\n    assert not half(0)\n`,
    ['bool(half(0)) -> False', 'bool(half(8)) -> True'],
  ],
  [
    'a helper of the test',
    `${IMPORT}def check(n, want):\n    assert half(n) == want\ndef test():\n    check(8, 4)\n`,
    ['half(8) -> 4'],
  ],
];
