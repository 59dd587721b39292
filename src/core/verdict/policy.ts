import { outOfRange, requireProbability } from '../statistics/require.ts';

/** The candidate must be better: by `threshold` of the baseline's rate. */
export interface ImprovementPolicy {
  readonly kind: 'improvement';
  /** Relative improvement asked for, >= 0, e.g. 0.15. */
  readonly threshold: number;
  /** Allowed chance of a pass without any improvement, and of a fail in spite of one at the threshold. */
  readonly alpha: number;
}

/** The candidate must not be worse: by more than `margin`. */
export interface NonInferiorityPolicy {
  readonly kind: 'non-inferiority';
  /** Loss of rate that is tolerated, absolute, in (0, 1), e.g. 0.05 for five points. */
  readonly margin: number;
  /** Allowed chance of a pass at a loss of just the margin, and of a fail at a loss no greater than it. */
  readonly alpha: number;
}

export type Policy = ImprovementPolicy | NonInferiorityPolicy;

export const DEFAULT_POLICY: ImprovementPolicy = { kind: 'improvement', threshold: 0.15, alpha: 0.05 };

/** Throws `CX-STATISTICS-INPUT` where a figure of the policy is out of its range; alpha is in (0, 0.5). */
export function requirePolicy(policy: Policy): void {
  requireProbability('2 * alpha', 2 * policy.alpha);
  if (policy.kind === 'non-inferiority') requireProbability('margin', policy.margin);
  else if (!(policy.threshold >= 0 && Number.isFinite(policy.threshold))) {
    throw outOfRange('threshold', policy.threshold, 'a finite number of at least 0');
  }
}
