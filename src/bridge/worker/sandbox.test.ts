import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callSandbox, sandboxModes, testdata } from './test-support.ts';

interface SandboxResult {
  readonly status: string;
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly duration_ms: number;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sandbox-test-'));
  await writeFile(path.join(folder, 'hidden_tests.py'), 'secret = 42\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(sandboxModes)('%s', (mode) => {
  const run = (source: string, options: object = {}) =>
    callSandbox<SandboxResult>(
      'run_python',
      { source, ...options },
      { mode, cwd: folder, env: { SECRET_KEY: 'hunter2' } },
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
});

test('without isolation nothing is run', async () => {
  const refused = await callSandbox(
    'run_python',
    { source: '1' },
    { mode: 'bubblewrap', env: { PATH: folder } },
  );
  expect(refused).toMatchObject({ raised: 'SandboxUnavailable', code: 'CX-SANDBOX-UNAVAILABLE' });
});

test('switched off by name, it runs unprotected but limited', async () => {
  const off = (source: string) =>
    callSandbox<SandboxResult>('run_python', { source, timeout_s: 0.5 }, { mode: 'off' });
  expect(await off('print(open("/etc/passwd").read(4))')).toMatchObject({ status: 'ok', stdout: 'root\n' });
  expect(await off('while True: pass')).toMatchObject({ status: 'timeout' });
});

test('an unknown mode and a file outside are refused', async () => {
  const source = '1';
  const raised = { raised: 'ValueError' };
  expect(await callSandbox('run_python', { source }, { mode: 'on' })).toMatchObject(raised);
  expect(await callSandbox('run_python', { source, files: { '../x': '' } })).toMatchObject(raised);
});
