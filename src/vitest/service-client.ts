import { ConstitutionError } from '../core/errors.ts';
import { GatewayClient } from '../gateway/client.ts';
import type { ServiceAddress } from './provided.ts';
import type { RunningEnvironment } from './service.ts';

/** A test worker's way to the main process: runs at the gateway, and Python environments. */
export class ServiceClient extends GatewayClient {
  /** The LM endpoint of pipelines, `http://127.0.0.1:<port>/v1`. */
  readonly gatewayUrl: string;

  constructor(address: ServiceAddress) {
    super(address);
    this.gatewayUrl = address.gatewayUrl;
  }

  /**
   * Starts the Python environment where it is not up yet.
   *
   * @throws ConstitutionError CX-ENV-MISSING, CX-ENV-DAMAGED, CX-WORKER-START.
   */
  async environment(name: string): Promise<RunningEnvironment> {
    const answer = await this.request('POST', `/environments/${encodeURIComponent(name)}`);
    if ('socketPath' in answer) return answer as unknown as RunningEnvironment;
    throw new ConstitutionError(
      'CX-GATEWAY-CONTROL',
      'the main process gave an answer that is not understood',
    );
  }
}
