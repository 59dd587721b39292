import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const scripts = path.dirname(fileURLToPath(import.meta.url));
let root: string;

// A project whose npm, bundler and command line are one-line programs that count how often they are called.
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'constitution-setup-'));
  for (const name of ['setup.mjs', 'setup-lock.mjs', 'setup-stamps.mjs', 'run.mjs'])
    cpSync(path.join(scripts, name), path.join(root, 'scripts', name));
  const lock = JSON.stringify({ packages: { '': {}, 'node_modules/tool': { version: '1.0.0' } } });
  const count = (name: string) =>
    `require('fs').appendFileSync(${JSON.stringify(path.join(root, 'log'))}, '${name}\\n');`;
  write('package.json', '{}');
  write('package-lock.json', lock);
  write('tsconfig.json', '{}');
  write('tsdown.config.ts', '');
  write('src/main.ts', 'export {};');
  write(
    'bin/npm-cli.js',
    `${count('npm')} require('fs').cpSync('tools', 'node_modules', { recursive: true });`,
  );
  write('tools/.package-lock.json', lock);
  write(
    'tools/tsdown/dist/run.mjs',
    `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    ${count('build')}
    require('fs').cpSync('cli.mjs', 'dist/cli.mjs');`,
  );
  write(
    'cli.mjs',
    `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const args = process.argv.slice(2);
    if (args.includes('sync')) { ${count('sync')} }
    else if (args[0] === 'wait') { console.log('waiting'); setInterval(() => {}, 1000); }
    else { console.log(JSON.stringify(args)); process.exitCode = Number(args[1] ?? 0); }`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}

function start(args: string[], variables: NodeJS.ProcessEnv = {}) {
  const env = {
    ...process.env,
    CONSTITUTION_SKIP_SETUP: '',
    npm_execpath: path.join(root, 'bin', 'npm-cli.js'),
    ...variables,
  };
  return spawn(
    process.execPath,
    args.map((one, at) => (at === 0 ? path.join(root, 'scripts', one) : one)),
    {
      env,
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

async function run(...args: string[]) {
  return finish(start(args));
}

async function finish(child: ReturnType<typeof start>) {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr };
}

/** What was called since the last look. */
function calls(): string[] {
  const log = path.join(root, 'log');
  const text = readFileSync(log, { encoding: 'utf8', flag: 'a+' });
  writeFileSync(log, '');
  return text.split('\n').filter(Boolean);
}

describe('setup.mjs', () => {
  it('does everything once, and then only has the environments verified', async () => {
    expect(await run('setup.mjs')).toMatchObject({ code: 0, stdout: '' });
    expect(calls()).toEqual(['npm', 'build', 'sync']);
    expect((await run('setup.mjs')).code).toBe(0);
    expect(calls()).toEqual(['sync']);
    expect(readdirSync(path.join(root, '.constitution'))).toEqual(['setup.json']);
  });

  it.each<[string, string[], () => void]>([
    [
      'another package-lock.json',
      ['npm', 'build', 'sync'],
      () => write('package-lock.json', '{"packages":{"":{}}}'),
    ],
    ['no node_modules', ['npm', 'sync'], () => rmSync(path.join(root, 'node_modules'), { recursive: true })],
    ['another source', ['build', 'sync'], () => write('src/main.ts', 'export const x = 1;')],
    ['a new source', ['build', 'sync'], () => write('src/new.ts', 'export {};')],
    ['another test alone', ['sync'], () => write('src/main.test.ts', 'export {};')],
    ['a missing output', ['build', 'sync'], () => rmSync(path.join(root, 'dist', 'cli.mjs'))],
    ['a torn output', ['build', 'sync'], () => truncateSync(path.join(root, 'dist', 'cli.mjs'), 10)],
    ['torn stamps', ['build', 'sync'], () => write('.constitution/setup.json', '{"format":1,')],
  ])('after %s', async (_name, expected, change) => {
    await run('setup.mjs');
    calls();
    change();
    expect((await run('setup.mjs')).code).toBe(0);
    expect(calls()).toEqual(expected);
  });

  it('takes over packages that npm ci installed by hand', async () => {
    cpSync(path.join(root, 'tools'), path.join(root, 'node_modules'), { recursive: true });
    await run('setup.mjs');
    expect(calls()).toEqual(['build', 'sync']);
  });

  it('does not take over other versions, nor an installation that was broken off', async () => {
    write('node_modules/.package-lock.json', '{"packages":{"node_modules/tool":{"version":"0.9.0"}}}');
    await run('setup.mjs');
    expect(calls()).toEqual(['npm', 'build', 'sync']);
    write('bin/npm-cli.js', 'console.error("no network"); process.exit(1);');
    write(
      'package-lock.json',
      readFileSync(path.join(root, 'package-lock.json'), 'utf8').replace('1.0.0', '1.0.1'),
    );
    const failed = await run('setup.mjs');
    expect(failed.code).toBe(3);
    expect(failed.stderr).toContain('no network');
    // The lock as it was agrees with what is there; what is there may be half of something.
    write(
      'package-lock.json',
      readFileSync(path.join(root, 'package-lock.json'), 'utf8').replace('1.0.1', '1.0.0'),
    );
    expect((await run('setup.mjs')).code).toBe(3);
  });

  it('two at once do the work once', async () => {
    const results = await Promise.all([run('setup.mjs'), run('setup.mjs')]);
    expect(results.map((result) => result.code)).toEqual([0, 0]);
    expect(calls().sort()).toEqual(['build', 'npm', 'sync', 'sync']);
  });

  it('takes over the lock of a process that is gone', async () => {
    const gone = await finish(
      spawn(process.execPath, ['-p', 'process.pid'], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    write('.constitution/setup.lock', gone.stdout.trim());
    expect((await run('setup.mjs')).code).toBe(0);
    expect(calls()).toEqual(['npm', 'build', 'sync']);
  });
});

describe('run.mjs', () => {
  it('passes arguments, output and the exit code', async () => {
    expect(await run('run.mjs', 'gate', '2', '--x')).toMatchObject({
      code: 2,
      stdout: '["gate","2","--x"]\n',
    });
    expect(calls()).toEqual(['npm', 'build', 'sync']);
    expect(await run('run.mjs', 'node', '-p', '40 + 2')).toMatchObject({ code: 0, stdout: '42\n' });
  });

  it('leaves the set-up out where that is asked for', async () => {
    await run('setup.mjs');
    calls();
    expect((await run('run.mjs', 'gate', '0', '--no-setup')).stdout).toBe('["gate","0"]\n');
    await finish(start(['run.mjs', 'gate'], { CONSTITUTION_SKIP_SETUP: '1' }));
    expect(calls()).toEqual([]);
  });

  it('ends with 3 where the set-up fails', async () => {
    write('bin/npm-cli.js', 'process.exit(1)');
    expect(await run('run.mjs', 'gate')).toMatchObject({ code: 3, stdout: '' });
  });

  it('passes signals on and ends as its child does', async () => {
    await run('setup.mjs');
    const child = start(['run.mjs', 'wait']);
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    await vi.waitFor(() => expect(printed).toContain('waiting'), { timeout: 10_000 });
    child.kill('SIGTERM');
    expect((await finish(child)).signal).toBe('SIGTERM');
  });
});
