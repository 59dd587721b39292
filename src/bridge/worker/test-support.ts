import { existsSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { JsonObject } from '../../core/json.ts';
import { locateEnvironment } from '../environments/index.ts';
import type { LmTarget, RunParams } from '../protocol.ts';
import { ForkServer, type ForkServerOptions } from './fork-server.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
/** The root of the repository. */
export const root = path.resolve(here, '../../..');
export const workerPath = path.join(root, 'python');
export const testdata = path.join(here, 'testdata');

/** Both environments that the repository declares. */
export const environmentNames = ['dspy-2.6.27', 'dspy-3.0.1'] as const;

/** A fork server of a declared environment, small unless asked otherwise. */
export async function startForkServer(
  environment: (typeof environmentNames)[number],
  options: Partial<ForkServerOptions> = {},
): Promise<ForkServer> {
  return ForkServer.start({
    environment: await locate(environment),
    workerPath,
    poolSize: 1,
    ...options,
  });
}

/** A declared environment of the repository. */
export function locate(name: string) {
  return locateEnvironment(root, name);
}

/** Parameters of a run of one of the pipelines in `testdata`. */
export function behaviour(entry: string, params: JsonObject = {}, inputs: JsonObject = {}): RunParams {
  return { root: testdata, entry: `behaviours:${entry}`, runId: `test/${entry}`, params, inputs, lm: null };
}

const searchPath = process.env['PATH'] ?? '';
const bubblewrap = searchPath.split(path.delimiter).some((folder) => existsSync(path.join(folder, 'bwrap')));
/** The direct way must work everywhere; bubblewrap is its fallback, and tested where it is installed. */
export const sandboxModes = ['namespaces', 'namespaces, warm', ...(bubblewrap ? ['bubblewrap'] : [])];
/** It is checked once: that takes a tenth of a second. */
let pythonOfSandbox: ReturnType<typeof locate> | undefined;

/** Calls a function of the sandbox in a Python of its own; without a `mode` none is named. */
export async function callSandbox<T>(
  functionName: string,
  options: object,
  {
    mode,
    cwd = root,
    env = {},
  }: { mode?: string; cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<T> {
  pythonOfSandbox ??= locate('dspy-3.0.1');
  const { python, processEnv } = await pythonOfSandbox;
  const [named, warm] = mode?.split(', ') ?? [];
  const { stdout } = await execa(python, [path.join(testdata, 'sandbox_probe.py'), workerPath], {
    input: JSON.stringify({ function: functionName, arguments: options, warm: warm !== undefined }),
    env: {
      ...processEnv,
      PATH: searchPath,
      ...(named === undefined ? {} : { CONSTITUTION_SANDBOX: named }),
      ...env,
    },
    extendEnv: false,
    cwd,
  });
  return JSON.parse(stdout) as T;
}

/** One request that the LM endpoint received. */
export interface SeenRequest {
  readonly token: string;
  readonly body: { readonly messages: readonly { readonly content: string }[] } & JsonObject;
}

/** A loopback endpoint in the OpenAI form that answers every question with the token that asked it. */
export class LmEndpoint {
  readonly seen: SeenRequest[] = [];
  readonly connections: { count: number } = { count: 0 };
  readonly #server: http.Server;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const token = (request.headers.authorization ?? '').replace('Bearer ', '');
        this.seen.push({ token, body: JSON.parse(Buffer.concat(chunks).toString()) });
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(completion(`[[ ## answer ## ]]\n${token}\n\n[[ ## completed ## ]]`)));
      });
    });
    this.#server.on('connection', () => {
      this.connections.count++;
    });
  }

  static async start(): Promise<LmEndpoint> {
    const endpoint = new LmEndpoint();
    await new Promise<void>((resolve) => endpoint.#server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  target(token: string): LmTarget {
    const { port } = this.#server.address() as AddressInfo;
    return { baseUrl: `http://127.0.0.1:${port}/v1`, token, model: 'stub', parameters: { temperature: 0.5 } };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function completion(content: string): JsonObject {
  return {
    id: 'stub',
    object: 'chat.completion',
    created: 0,
    model: 'stub',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  };
}
