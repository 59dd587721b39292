import { devNull } from 'node:os';
import { execa } from 'execa';
import { installerProcessEnv } from './process-env.ts';

/** uv has an option for this setting, but no variable: see {@link uvOptions}. */
const NO_INDEX = 'UV_NO_INDEX';

/** Settings of pip (as `pip config list` names them) and the variable that tells uv the same. */
const UV_VARIABLES: Readonly<Record<string, string>> = {
  'index-url': 'UV_DEFAULT_INDEX',
  'extra-index-url': 'UV_INDEX',
  'find-links': 'UV_FIND_LINKS',
  'no-index': NO_INDEX,
  'trusted-host': 'UV_INSECURE_HOST',
  cert: 'SSL_CERT_FILE',
  timeout: 'UV_HTTP_TIMEOUT',
  proxy: 'HTTPS_PROXY',
};

/** Variables that already say it: a setting of pip never overrides one meant for uv. */
const SAME_IN_UV: Readonly<Record<string, readonly string[]>> = {
  UV_DEFAULT_INDEX: ['UV_INDEX_URL'],
  UV_INDEX: ['UV_EXTRA_INDEX_URL'],
  HTTPS_PROXY: ['https_proxy', 'ALL_PROXY', 'all_proxy'],
};

/** Settings whose several values uv wants separated by commas, where pip has blanks. */
const LISTS = new Set(['find-links']);

/**
 * uv reads neither `PIP_*` nor pip's configuration files, where companies keep the address of their index. This adds
 * to the installer's environment what pip would use; without pip, the `PIP_*` variables alone.
 */
export async function withPipSettings(
  python: string,
  caller: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const env = installerProcessEnv(caller);
  const settings = { ...(await configured(python, env, signal)), ...fromVariables(caller) };
  for (const [setting, value] of Object.entries(settings)) {
    const variable = UV_VARIABLES[setting];
    if (variable === undefined) continue;
    const said = [variable, ...(SAME_IN_UV[variable] ?? [])].some((name) => env[name]);
    if (said) continue;
    env[variable] = LISTS.has(setting) ? value.split(/\s+/).join(',') : value;
    // pip takes the best file of all its indexes; here the hashes of the lock decide which one may be taken.
    if (variable === 'UV_INDEX') env['UV_INDEX_STRATEGY'] ??= 'unsafe-best-match';
  }
  return env;
}

/**
 * As {@link withPipSettings}, without what is on this machine alone: a wheel folder or local index must not decide what
 * a lock says. A machine that has nothing else (`no-index`) keeps them.
 */
export function forResolving(env: Readonly<Record<string, string>>): Record<string, string> {
  if (uvOptions(env).length > 0) return { ...env };
  const { UV_FIND_LINKS: _uv, PIP_FIND_LINKS: _pip, UV_INDEX_STRATEGY: _strategy, ...kept } = env;
  const rest: Record<string, string> = kept;
  for (const variable of ['UV_INDEX', 'UV_EXTRA_INDEX_URL']) {
    const remote = (rest[variable] ?? '').split(/\s+/).filter((index) => /^(\w+=)?https?:/.test(index));
    if (remote.length > 0) rest[variable] = remote.join(' ');
    else delete rest[variable];
  }
  return rest;
}

/** Options of `uv pip` for what no variable can say. */
export function uvOptions(env: Readonly<Record<string, string>>): string[] {
  return /^(1|true|yes|on)$/i.test(env[NO_INDEX] ?? '') ? ['--no-index'] : [];
}

function fromVariables(caller: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.keys(UV_VARIABLES).flatMap((setting) => {
      const value = caller[`PIP_${setting.replaceAll('-', '_').toUpperCase()}`];
      return value ? [[setting, value.trim()]] : [];
    }),
  );
}

/** What pip's configuration files say; the section of `install` overrides the global one. */
async function configured(
  python: string,
  env: Record<string, string>,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  // The name by which pip is told to read no configuration file.
  if (env['PIP_CONFIG_FILE'] === devNull) return {};
  const result = await execa(python, ['-I', '-m', 'pip', 'config', 'list'], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  return result.failed ? {} : parsePipConfig(String(result.stdout));
}

/** Reads lines such as `global.index-url='https://…'`; a value of several lines is joined by blanks. */
export function parsePipConfig(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const section of ['global', 'install']) {
    for (const line of text.split('\n')) {
      const match = /^([^.=]+)\.([^=]+)=(['"])(.*)\3\s*$/.exec(line);
      if (match?.[1] !== section) continue;
      const value = (match[4] as string).replaceAll('\\n', ' ').trim();
      if (value !== '') settings[match[2] as string] = value;
    }
  }
  return settings;
}
