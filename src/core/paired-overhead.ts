import type { Interval } from './statistics/summary.ts';

/** A paired run: the suite with the plugin against the suite without it. */
export interface PairedOverhead {
  readonly measuredAt: string;
  readonly ratio: number;
  readonly interval: Interval & { readonly upper: number };
  readonly basis: 'cpu' | 'wall';
  readonly pairs: number;
}
