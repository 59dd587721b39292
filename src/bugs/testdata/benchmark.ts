import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../config/package-root.ts';

/** Writes a benchmark of our own into a folder: programs that can be imported, that cannot, and that would do harm. */
export async function writeBenchmark(folder: string): Promise<void> {
  const put = async (name: string, content: string | Buffer) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  /** A program before and after its fix. */
  async function program(
    name: string,
    fixed: string,
    wrong: [from: string, to: string],
    docs = '',
  ): Promise<void> {
    await put(`python_programs/${name}.py`, fixed.replace(...wrong) + docs);
    await put(`correct_python_programs/${name}.py`, fixed);
  }
  const json = (name: string, ...cases: unknown[]) =>
    put(`json_testcases/${name}.json`, cases.map((each) => `${JSON.stringify(each)}\n`).join(''));

  /** What a test file of this layout looks like: which programs it imports, a switch of its conftest says. */
  const header = (name: string, more = '') =>
    `import pytest\n${more}\nif pytest.use_right:\n    from correct_python_programs.${name} import ${name}\nelse:\n    from python_programs.${name} import ${name}\n\n`;

  await put(
    'conftest.py',
    'import pytest\ndef pytest_addoption(parser):\n    parser.addoption("--right", action="store_true")\ndef pytest_configure(config):\n    pytest.use_right = config.getoption("--right")\n',
  );
  await put(
    // Beside the folders, as helpers of all tests may be.
    'chain.py',
    'class Chain:\n    def __init__(self, value, rest=None):\n        self.value, self.rest = value, rest\n',
  );
  await put(
    'python_testcases/cases.py',
    'import json\nfrom pathlib import Path\ndef cases(name):\n    with open(Path(__file__).parent / ".." / "json_testcases" / f"{name}.json") as file:\n        return [json.loads(line) for line in file]\n',
  );

  // As pytest runs them: cases from JSON, tuples where JSON has lists, a tolerance, a test that is skipped.
  await program(
    'pairs_of',
    'def pairs_of(n):\n    return [(i, i + 1) for i in range(n)]\n',
    ['i + 1', 'i + 2'],
    '\n"""\nPairs\n\nGives (i, i + 1) for every i below n, e.g. pairs_of(9).\n"""\n',
  );
  await json(
    'pairs_of',
    [[1], [[0, 1]]],
    [
      [2],
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      [3],
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    ],
    [[0], []],
    [[9], [0]],
  );
  await put(
    'python_testcases/test_pairs_of.py',
    `${header('pairs_of', 'from cases import cases')}data = [[i, [tuple(x) for x in o]] for i, o in cases(pairs_of.__name__)]\n@pytest.mark.parametrize("inputs,expected", data)\ndef test_pairs_of(inputs, expected):\n    if inputs == [9]:\n        pytest.skip("not yet")\n    assert pairs_of(*inputs) == expected\n`,
  );
  // JSON alone: a generator, a lone input, floats.
  await program(
    'halves',
    'def halves(xs):\n    """Half of each."""\n    for x in xs:\n        yield x / 2\n',
    ['/ 2', '/ 3'],
  );
  await json('halves', [[[2, 4]], [1, 2]], [[[6]], [3]], [[[]], []], [[[0.2]], [0.1]], [[[10]], [5]]);
  await program('twice', 'def twice(x):\n    """Twice x."""\n    return x * 2\n', ['* 2', '* 3']);
  await json('twice', [4, 8], ['ab', 'abab'], [5, 10], [[0], 0], [[7], 14]);
  // A program that uses a module beside it, and tests that build objects.
  await put('python_programs/steps.py', 'def step(chain):\n    return chain.rest\n');
  await put('correct_python_programs/steps.py', 'def step(chain):\n    return chain.rest\n');
  await program(
    'length_of',
    'from .steps import step\n\ndef length_of(chain):\n    """Links of a chain."""\n    n = 0\n    while chain:\n        chain = step(chain)\n        n += 1\n    return n\n',
    ['n = 0', 'n = 1'],
  );
  await put(
    'python_testcases/test_length_of.py',
    `${header('length_of', 'from chain import Chain')}def test_one():\n    assert length_of(Chain(1)) == 1\ndef test_two():\n    links = Chain(1, Chain(2))\n    got = length_of(links)\n    assert got == 2\ndef test_none():\n    assert length_of(None) == 0\ndef test_three():\n    assert length_of(Chain(1, Chain(2, Chain(3)))) == 3\n`,
  );
  // One test alone shows it: it is hidden.
  await program(
    'top',
    'def top(xs):\n    """The largest, None of nothing."""\n    return max(xs) if xs else None\n',
    ['if xs else None', 'if xs else 0'],
  );
  await json('top', [[[1, 2]], 2], [[[3]], 3], [[[]], null], [[[5, 4]], 5]);

  // What is left out.
  await put('python_programs/alone.py', 'def alone(): pass\n');
  await program('untested', 'def untested(x):\n    return x\n', ['return x', 'return 1']);
  await program('unseen', 'def unseen(x):\n    """."""\n    return x\n', ['return x', 'return x + (x > 99)']);
  await json('unseen', [[1], 1], [[2], 2], [[3], 3]);
  await program('same', 'def same(x):\n    return x\n', ['x', 'x']);
  await json('same', [[1], 1], [[2], 2]);
  await program('broken', 'def broken(x):\n    return x\n', ['(x)', '(x']);
  await json('broken', [[1], 1]);
  await program('nonsense', 'def nonsense(x):\n    return x\n', ['return x', 'return 1']);
  await put('json_testcases/nonsense.json', `${'['.repeat(5000)}\n{"a": 1}\n[1, NaN]\nnull\n`);
  await program('odd name', 'def odd(x):\n    return x\n', ['return x', 'return 1']);
  await json('odd name', [[1], 1], [[2], 2], [[3], 3]);
  await program('odd_name', 'def odd(x):\n    return x\n', ['return x', 'return 1']);
  await json('odd_name', [[1], 1], [[2], 2], [[3], 3]);
  await put('python_programs/huge.py', `def huge(x):\n    return x\n${'# filler\n'.repeat(40_000)}`);
  await put('correct_python_programs/huge.py', 'def huge(x):\n    return x + 1\n');
  await json('huge', [[1], 2]);
  await put('python_programs/latin.py', Buffer.from('def latin(x):\n    return "\xe9"\n', 'latin1'));
  await put('correct_python_programs/latin.py', 'def latin(x):\n    return x\n');
  await json('latin', [[1], 1]);
  await put('correct_python_programs/linked.py', 'def linked(x):\n    return x\n');
  await json('linked', [[1], 1]);
  await symlink('/etc/passwd', path.join(folder, 'python_programs/linked.py'));
  await program('nested', `def nested(x):\n    return ${'('.repeat(3000)}x${')'.repeat(3000)}\n`, [
    'x)',
    'x,)',
  ]);
  await json('nested', [[1], 1], [[2], 2], [[3], 3]);

  // What would do harm, were it not in the sandbox.
  const evil: Record<string, string> = {
    hangs: 'while True: pass',
    forks: 'import os\nwhile True: os.fork()',
    floods: 'import os\nwhile True: os.write(1, b"x" * 65536)',
    fills: 'for n in range(64): open(str(n), "wb").write(bytes(1 << 20))',
    connects: 'import socket\nsocket.create_connection(("127.0.0.1", 9), 1)',
    reads: `print(open(${JSON.stringify(path.join(packageRoot(), 'package.json'))}).read())`,
    writes: `open(${JSON.stringify(path.join(packageRoot(), 'harm.txt'))}, "w").write("harm")`,
    leaves: 'import os\nos._exit(0)',
  };
  for (const [name, harm] of Object.entries(evil)) {
    await program(name, `def ${name}(x):\n    """."""\n    return x + 1\n\n${harm}\n`, ['x + 1', 'x + 2']);
    await put(
      `python_testcases/test_${name}.py`,
      `${header(name)}${harm}\ndef test():\n    ${harm.split('\n').join('\n    ')}\n    assert ${name}(1) == 2\n`,
    );
    await json(name, [[1], 2], [[2], 3], [[3], 4]);
    // The harm is at the top of the program, which a seeded bug does not take over; here it is in the function.
    const inside = `def in_${name}(x):\n    """."""\n    ${harm.split('\n').join('\n    ')}\n    return x + 1\n`;
    await program(`in_${name}`, inside, ['x + 1', 'x + 2']);
    await json(`in_${name}`, [[1], 2], [[2], 3], [[3], 4]);
  }
}
