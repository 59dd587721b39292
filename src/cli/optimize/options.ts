import type { OptimizerName } from '../../core/optimizers.ts';
import type { GatewayMode } from '../../core/pipeline-run.ts';

/** The options of the `optimize` command, as they were given. */
export interface OptimizeOptions {
  readonly lm: GatewayMode;
  readonly seed: number;
  readonly threads: number;
  readonly minibatch: number;
  readonly optimizer: OptimizerName;
  /** Name of a smaller budget. */
  readonly budget?: string;
  readonly train?: number;
  readonly validation?: number;
  readonly judge?: string;
  /** What answers GEPA's reflection requests. */
  readonly reflector: 'lm' | 'catalogue';
  readonly reflectionModel?: string;
  readonly reflectionEndpoint?: string;
  readonly reflectionKeyVariable?: string;
  readonly resume?: boolean;
}
