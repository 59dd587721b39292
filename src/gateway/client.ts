import { ConstitutionError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RunIdentity, RunMeter } from '../core/lm-exchange.ts';
import { errorFromWire } from './error-wire.ts';

const METER_MEMBERS = [
  'usage',
  'calls',
  'recording',
  'misses',
  'failures',
  'unused',
  'peakInFlight',
  'watched',
  'faults',
];

/** Opens and closes runs at a gateway in another process. Light enough for a test worker: fetch and no more. */
export class GatewayClient {
  readonly #controlUrl: string;
  readonly #controlToken: string;

  /** @param options `controlUrl` and `controlToken` of a listening gateway */
  constructor(options: { readonly controlUrl: string; readonly controlToken: string }) {
    this.#controlUrl = options.controlUrl;
    this.#controlToken = options.controlToken;
  }

  /**
   * Opens a run.
   *
   * @returns the bearer token that names the run in LM requests
   * @throws ConstitutionError what `Gateway.openRun` throws, or CX-GATEWAY-CONTROL
   */
  async openRun(identity: RunIdentity): Promise<{ token: string }> {
    const answer = await this.request('POST', '/runs', {
      ...(identity as unknown as JsonObject),
    });
    const token = (answer as JsonObject)['token'];
    if (typeof token !== 'string') throw unexpected('/runs');
    return { token };
  }

  /**
   * Closes a run, writes its recording unless `keep` is false, and tells what was counted.
   *
   * @throws ConstitutionError what `Gateway.closeRun` throws, or CX-GATEWAY-CONTROL
   */
  async closeRun(token: string, options: { readonly keep?: boolean } = {}): Promise<RunMeter> {
    const query = options.keep === false ? '?keep=false' : '';
    const meter = (await this.request('DELETE', `/runs/${encodeURIComponent(token)}${query}`)) as JsonObject;
    if (!METER_MEMBERS.every((name) => name in meter)) throw unexpected('/runs');
    return meter as unknown as RunMeter;
  }

  /**
   * Any request to the control interface, for routes that were added to it.
   *
   * @param path below the control URL, with its leading `/`
   * @returns a JSON object or array
   * @throws ConstitutionError the error that was answered, or CX-GATEWAY-CONTROL
   */
  async request(method: string, path: string, body?: JsonObject): Promise<JsonObject | Json[]> {
    let status: number;
    let answer: Json;
    try {
      const response = await fetch(this.#controlUrl + path, {
        method,
        headers: { authorization: `Bearer ${this.#controlToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      status = response.status;
      answer = (await response.json()) as Json;
    } catch (cause) {
      throw new ConstitutionError(
        'CX-GATEWAY-CONTROL',
        `the gateway at ${this.#controlUrl} does not answer`,
        {
          hint: 'It ends with the process that started it; start the tests again.',
          cause,
        },
      );
    }
    if (status >= 400) throw errorFromWire(answer) ?? unexpected(path);
    if (answer === null || typeof answer !== 'object') throw unexpected(path);
    return answer;
  }
}

function unexpected(path: string): ConstitutionError {
  return new ConstitutionError(
    'CX-GATEWAY-CONTROL',
    `the gateway gave an answer to ${path} that is not understood`,
    {
      hint: 'Both ends must be of the same version.',
    },
  );
}
