import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { forResolving, parsePipConfig, uvOptions, withPipSettings } from './pip-settings.ts';
import { redactCredentials } from './run-command.ts';
import { machineTools } from './test-support.ts';

const bare = { PIP_CONFIG_FILE: devNull };
const settings = async (caller: NodeJS.ProcessEnv) =>
  withPipSettings((await machineTools()).interpreter.executable, { PATH: process.env['PATH'], ...caller });

describe('withPipSettings', () => {
  it('tells uv what the variables tell pip', async () => {
    const env = await settings({
      ...bare,
      PIP_INDEX_URL: 'https://index.example/simple',
      PIP_EXTRA_INDEX_URL: 'https://extra.example/simple',
      PIP_FIND_LINKS: '/wheels /more',
      PIP_CERT: '/ca.pem',
      PIP_PROXY: 'http://proxy.example:3128',
    });
    expect(env).toMatchObject({
      UV_DEFAULT_INDEX: 'https://index.example/simple',
      UV_INDEX: 'https://extra.example/simple',
      UV_INDEX_STRATEGY: 'unsafe-best-match',
      UV_FIND_LINKS: '/wheels,/more',
      SSL_CERT_FILE: '/ca.pem',
      HTTPS_PROXY: 'http://proxy.example:3128',
    });
  });

  it('lets a setting of uv stand', async () => {
    const env = await settings({
      ...bare,
      PIP_INDEX_URL: 'https://pip.example/simple',
      UV_INDEX_URL: 'https://uv.example/simple',
    });
    expect(env).not.toHaveProperty('UV_DEFAULT_INDEX');
    expect(env['UV_INDEX_URL']).toBe('https://uv.example/simple');
  });

  it("reads pip's configuration file", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'constitution-pip-'));
    try {
      const file = path.join(folder, 'pip.conf');
      await writeFile(file, '[global]\nindex-url = https://company.example/simple\n');
      const { interpreter } = await machineTools();
      const env = await withPipSettings(interpreter.executable, { ...process.env, PIP_CONFIG_FILE: file });
      expect(env['UV_DEFAULT_INDEX'] ?? env['UV_INDEX_URL']).toBe(
        process.env['UV_DEFAULT_INDEX'] ??
          process.env['UV_INDEX_URL'] ??
          process.env['PIP_INDEX_URL'] ??
          'https://company.example/simple',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('drops what would lead the installer elsewhere, and keeps proxies', async () => {
    const env = await settings({
      ...bare,
      PYTHONPATH: '/decoy',
      VIRTUAL_ENV: '/venv',
      PIP_TARGET: '/target',
      UV_CONSTRAINT: '/constraints',
      UV_NO_VERIFY_HASHES: '1',
      HTTP_PROXY: 'http://proxy.example',
      NO_PROXY: 'localhost',
    });
    expect(Object.keys(env).sort()).toEqual([
      'HTTP_PROXY',
      'NO_PROXY',
      'PATH',
      'PIP_CONFIG_FILE',
      'PIP_DISABLE_PIP_VERSION_CHECK',
      'PIP_NO_INPUT',
      'UV_LINK_MODE',
      'UV_NO_PROGRESS',
      'UV_PYTHON_DOWNLOADS',
    ]);
    expect(env).toMatchObject({ UV_PYTHON_DOWNLOADS: 'never', UV_LINK_MODE: 'copy' });
  });
});

describe('forResolving', () => {
  it('leaves out what is on this machine alone', () => {
    const env = {
      UV_FIND_LINKS: '/wheels',
      PIP_FIND_LINKS: '/wheels',
      UV_INDEX: 'file:///mirror/simple https://extra.example/simple',
      UV_EXTRA_INDEX_URL: '/mirror/simple',
      UV_DEFAULT_INDEX: 'https://index.example/simple',
    };
    expect(forResolving(env)).toEqual({
      UV_INDEX: 'https://extra.example/simple',
      UV_DEFAULT_INDEX: 'https://index.example/simple',
    });
  });

  it('keeps a wheel folder where there is nothing else', () => {
    const env = { UV_NO_INDEX: '1', UV_FIND_LINKS: '/wheels' };
    expect(forResolving(env)).toEqual(env);
    expect(uvOptions(env)).toEqual(['--no-index']);
    expect(uvOptions({ UV_NO_INDEX: 'false' })).toEqual([]);
  });
});

it('parsePipConfig: install overrides global, several values are joined', () => {
  const text = [
    "install.index-url='https://install.example'",
    "global.index-url='https://global.example'",
    "global.find-links='\\n/a\\n/b'",
    "global.cert=''",
    "list.format='json'",
    'not a setting',
  ].join('\n');
  expect(parsePipConfig(text)).toEqual({ 'index-url': 'https://install.example', 'find-links': '/a /b' });
});

it('redactCredentials: no password of an index is shown', () => {
  expect(redactCredentials('failed: https://user:p%40ss@index.example/simple and http://tok@x/')).toBe(
    'failed: https://***@index.example/simple and http://***@x/',
  );
});
