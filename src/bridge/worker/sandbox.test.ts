import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locate, testdata, workerPath } from './test-support.ts';

interface SandboxResult {
  readonly status: string;
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly duration_ms: number;
}

const searchPath = process.env['PATH'] ?? '';
const bubblewrap = searchPath.split(path.delimiter).some((folder) => existsSync(path.join(folder, 'bwrap')));
/** The direct way must work everywhere; bubblewrap is its fallback, and tested where it is installed. */
const modes = ['namespaces', 'namespaces, warm', ...(bubblewrap ? ['bubblewrap'] : [])];

let python: string;
let processEnv: Readonly<Record<string, string>>;
let folder: string;
beforeAll(async () => {
  ({ python, processEnv } = await locate('dspy-3.0.1'));
  folder = await mkdtemp(path.join(os.tmpdir(), 'sandbox-test-'));
  await writeFile(path.join(folder, 'hidden_tests.py'), 'secret = 42\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function call<T>(
  env: Record<string, string>,
  functionName: string,
  options: object,
  warm = false,
): Promise<T> {
  const { stdout } = await execa(python, [path.join(testdata, 'sandbox_probe.py'), workerPath], {
    input: JSON.stringify({ function: functionName, arguments: options, warm }),
    env: { ...processEnv, PATH: searchPath, ...env },
    extendEnv: false,
    cwd: folder,
  });
  return JSON.parse(stdout) as T;
}

describe.each(modes)('%s', (name) => {
  const [mode, warm] = [name.replace(', warm', ''), name.endsWith('warm')];
  const run = (source: string, options: object = {}) =>
    call<SandboxResult>(
      { CONSTITUTION_SANDBOX: mode, SECRET_KEY: 'hunter2' },
      'run_python',
      { source, ...options },
      warm,
    );

  /** What `expression` raises in the sandbox, or its value. */
  const outcomeOf = async (statements: string, expression: string) => {
    const source = `${statements}\ntry:\n    print("value", ${expression})\nexcept Exception as error:\n    print("raised", type(error).__name__)`;
    return (await run(source)).stdout.trim();
  };

  test('a program has its input, its files, its output and its exit code', async () => {
    const source =
      'import sys; print(input(), open("a/b.txt").read()); print("e", file=sys.stderr); sys.exit(3)';
    const result = await run(source, { stdin: 'in', files: { 'a/b.txt': 'file' } });
    expect(result).toMatchObject({ status: 'error', exit_code: 3, stdout: 'in file\n', stderr: 'e\n' });
    expect(result.duration_ms).toBeGreaterThan(0);
  });

  test('a traceback shows the program and nothing of ours', async () => {
    const { status, stderr } = await run('def f():\n    return 1 / 0\nf()');
    expect(status).toBe('error');
    // Python 3.11 and later underline the failing part.
    expect(stderr.replace(/^ *[~^]+\n/gm, '')).toBe(
      'Traceback (most recent call last):\n' +
        '  File "main.py", line 3, in <module>\n    f()\n' +
        '  File "main.py", line 2, in f\n    return 1 / 0\n' +
        'ZeroDivisionError: division by zero\n',
    );
  });

  test('the standard library works, threads and event loops too', async () => {
    const source = `
import asyncio, collections, dataclasses, decimal, hashlib, json, re, sqlite3, ssl, tempfile, threading
async def main():
    await asyncio.sleep(0)
    return await asyncio.get_running_loop().run_in_executor(None, lambda: "thread")
print(asyncio.run(main()), tempfile.gettempdir())`;
    // What it imports takes most of a second of a processor that may have much else to do.
    const result = await run(source, { timeout_s: 20 });
    expect(result).toMatchObject({ status: 'ok', stdout: 'thread /tmp\n', stderr: '' });
  });

  test.each([
    ['an infinite loop', 'while True: pass'],
    [
      'a loop that ignores signals',
      'import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: pass',
    ],
    ['a program that sleeps', 'import time\ntime.sleep(600)'],
    [
      'a thread that goes on',
      'import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()',
    ],
  ])('%s is stopped at the time limit', async (_name, source) => {
    expect(await run(source, { timeout_s: 0.5 })).toMatchObject({ status: 'timeout', exit_code: null });
  });

  test('memory is limited', async () => {
    const result = await run('data = bytearray(1 << 30)', { memory_mb: 128 });
    expect(result).toMatchObject({ status: 'error', exit_code: 1 });
    expect(result.stderr).toContain('MemoryError');
  });

  test.each(['stdout', 'stderr'])('a gigabyte on %s is stopped at the limit', async (stream) => {
    const source = `import sys\nfor _ in range(1 << 20): sys.${stream}.write("x" * 1023 + "\\n")`;
    const result = await run(source, { output_limit: 5000, timeout_s: 20 });
    expect(result.status).toBe('output');
    expect(result[stream as 'stdout' | 'stderr']).toHaveLength(5000);
  });

  test('the disk is limited, in one file and in many', async () => {
    expect(await outcomeOf('f = open("big", "wb")', 'f.write(bytes(64 << 20))')).toBe('raised OSError');
    const many = 'def fill():\n    for n in range(64):\n        open(str(n), "wb").write(bytes(1 << 20))';
    expect(await outcomeOf(many, 'fill()')).toBe('raised OSError');
  });

  test.each([
    ['os.fork()', 'import os'],
    ['subprocess.run(["true"])', 'import subprocess'],
    ['os.execv("/bin/true", ["true"])', 'import os'],
    ['ctypes.CDLL(None, use_errno=True).memfd_create(b"m", 0) < 0 and int("denied")', 'import ctypes'],
  ])('no process and no memory beside its own: %s', async (expression, statements) => {
    expect(await outcomeOf(statements, expression)).toMatch(
      /^raised (PermissionError|FileNotFoundError|ValueError)$/,
    );
  });

  test('a fork bomb ends with its first fork', async () => {
    expect((await run('import os\nwhile True: os.fork()')).stderr).toContain('PermissionError');
  });

  test('the network is out of reach, loopback of the host included', async () => {
    const server = net.createServer();
    let connections = 0;
    server.on('connection', () => {
      connections++;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connect = (address: string) =>
      outcomeOf('import socket', `socket.create_connection(${address}, 1)`);
    expect(await connect(`("127.0.0.1", ${port})`)).toMatch(/^raised (OSError|ConnectionRefusedError)$/);
    expect(await connect('("192.0.2.1", 80)')).toBe('raised OSError');
    expect(connections).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });

  test('files of the host, of the user and of the project do not exist', async () => {
    const paths = ['/etc/passwd', '/proc/self/environ', '/old', path.join(folder, 'hidden_tests.py')];
    for (const file of [...paths, path.join(testdata, 'behaviours.py'), `${os.homedir()}/.bashrc`]) {
      expect([file, await outcomeOf('', `open(${JSON.stringify(file)}).read()`)]).toEqual([
        file,
        'raised FileNotFoundError',
      ]);
    }
  });

  test('installed packages do not exist', async () => {
    const found = await run('import os, sys\nprint([p for p in sys.path if "packages" in p])\nimport pip');
    expect(found.stdout).toBe('[]\n');
    expect(found.stderr).toContain("No module named 'pip'");
  });

  test('nothing but its own folder can be written', async () => {
    const targets = '["/x", "/dev/x", "/usr/lib/x", os.path.dirname(os.__file__) + "/x"]';
    const statements = `import os\ndef tries():\n    for path in ${targets}:\n        try: open(path, "w")\n        except OSError: continue\n        return path`;
    expect(await outcomeOf(statements, 'tries()')).toBe('value None');
    expect(await readdir(folder)).toEqual(['hidden_tests.py']);
  });

  test('it has no environment, no privileges, and no other process to see', async () => {
    const source = `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print(dict(os.environ), os.getuid(), os.getppid(), libc.prctl(39, 0, 0, 0, 0), libc.prctl(21, 0, 0, 0, 0))
print([libc.unshare(0x10000000), libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), libc.ptrace(16, 1, 0, 0)])`;
    // uid nobody, the parent is process 1, no_new_privs is 1, a seccomp filter (2) is on
    expect((await run(source)).stdout).toBe('{} 65534 1 1 2\n[-1, -1, -1]\n');
  });

  test('it cannot end what watches it', async () => {
    const source = `
import os, signal
for pid in (1, os.getppid(), -1):
    try: os.kill(pid, signal.SIGKILL)
    except OSError: pass
print("still here")`;
    expect(await run(source)).toMatchObject({ status: 'ok', stdout: 'still here\n' });
  });

  test('a program ended by a signal is not ok', async () => {
    const result = await run('import ctypes\nctypes.string_at(0)');
    expect(result).toMatchObject({ status: 'killed', exit_code: null });
  });

  describe('calls', () => {
    const evaluate = (source: string, expressions: string[], options: object = {}) =>
      call<unknown>(
        { CONSTITUTION_SANDBOX: mode },
        'evaluate_calls',
        { source, expressions, ...options },
        warm,
      );
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
      const results = await call({ CONSTITUTION_SANDBOX: mode }, 'evaluate_programs', options, warm);
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
});

test('without isolation nothing is run', async () => {
  const refused = await call({ CONSTITUTION_SANDBOX: 'bubblewrap', PATH: folder }, 'run_python', {
    source: '1',
  });
  expect(refused).toMatchObject({ raised: 'SandboxUnavailable', code: 'CX-SANDBOX-UNAVAILABLE' });
});

test('switched off by name, it runs unprotected but limited', async () => {
  const off = (source: string) =>
    call<SandboxResult>({ CONSTITUTION_SANDBOX: 'off' }, 'run_python', { source, timeout_s: 0.5 });
  expect(await off('print(open("/etc/passwd").read(4))')).toMatchObject({ status: 'ok', stdout: 'root\n' });
  expect(await off('while True: pass')).toMatchObject({ status: 'timeout' });
});

test('an unknown mode and a file outside are refused', async () => {
  const source = '1';
  expect(await call({ CONSTITUTION_SANDBOX: 'on' }, 'run_python', { source })).toMatchObject({
    raised: 'ValueError',
  });
  const files = { '../x': '' };
  expect(await call({}, 'run_python', { source, files })).toMatchObject({ raised: 'ValueError' });
});
