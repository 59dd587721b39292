import { ConstitutionError } from '../../core/errors.ts';
import type { PairedOverhead } from '../../core/paired-overhead.ts';
import { studentTQuantile } from '../../core/statistics/distributions.ts';
import { mean, variance } from '../../core/statistics/summary.ts';
import { type SuiteTiming, timeSuite } from './run-suite.ts';

export interface MeasureOptions {
  readonly root: string;
  /** Pairs of runs that count, at least 2; one more goes before them. */
  readonly pairs: number;
  /** Further arguments of vitest, e.g. a filter. */
  readonly args: readonly string[];
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
  /** What is compared. Default: processor time where the system tells it, else wall time. */
  readonly basis?: 'cpu' | 'wall';
  /** Runs the suite once; a test puts its own in. */
  readonly run?: typeof timeSuite;
}

/**
 * Runs the suite in interleaved pairs, governed and plain, and compares them pair by pair: what slows the machine down for
 * a while slows both of a pair.
 *
 * @throws ConstitutionError CX-OVERHEAD-RUN where a run did not come to results.
 */
export async function measureOverhead(options: MeasureOptions): Promise<PairedOverhead> {
  const { root, pairs, args, note, signal, run = timeSuite } = options;
  const rows: { governed: SuiteTiming; plain: SuiteTiming }[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    // The order changes from pair to pair, so that neither arm is always the warmer one.
    const order = pair % 2 === 0 ? [true, false] : [false, true];
    const timings = new Map<boolean, SuiteTiming>();
    // The first pair fills caches, and shows that there is something to compare.
    const proof = pair === 0;
    for (const governed of order) {
      const timing = await run(root, args, { governed, proof: proof && governed, signal });
      refuseBroken(timing);
      timings.set(governed, timing);
    }
    const [governed, plain] = [timings.get(true), timings.get(false)] as [SuiteTiming, SuiteTiming];
    if (!proof) rows.push({ governed, plain });
    const seconds = (timing: SuiteTiming) => (timing.wallMs / 1000).toFixed(1);
    note(`pair ${pair} of ${pairs}: governed ${seconds(governed)} s, plain ${seconds(plain)} s`);
  }
  const told = rows.every(({ governed, plain }) => governed.cpuMs && plain.cpuMs);
  const basis = told ? (options.basis ?? 'cpu') : 'wall';
  const figure = (timing: SuiteTiming) => (basis === 'cpu' ? (timing.cpuMs as number) : timing.wallMs);
  const logs = rows.map(({ governed, plain }) => Math.log(figure(governed) / figure(plain)));
  return { measuredAt: new Date().toISOString(), basis, pairs, ...ratioOf(logs) };
}

/**
 * Geometric mean of the ratios minus 1, with the 95% interval of Student's t on their logarithms (log-normal ratios:
 * Georges, Buytaert and Eeckhout, "Statistically rigorous Java performance evaluation", OOPSLA 2007, section 3).
 */
export function ratioOf(logs: readonly number[]): Pick<PairedOverhead, 'ratio' | 'interval'> {
  const centre = mean(logs);
  const half = studentTQuantile(0.975, logs.length - 1) * Math.sqrt(variance(logs) / logs.length);
  return {
    ratio: Math.expm1(centre),
    interval: { lower: Math.expm1(centre - half), upper: Math.expm1(centre + half), level: 0.95 },
  };
}

function refuseBroken({ status, tests, governed }: SuiteTiming): void {
  // 1 is a suite with failing tests, which can be timed all the same; it is also what vitest ends with where it cannot start.
  if ((status !== 0 && status !== 1) || tests === 0) {
    throw new ConstitutionError(
      'CX-OVERHEAD-RUN',
      `a run of the suite came to no tests (exit code ${status})`,
      {
        hint: 'Run `npx vitest run` by itself and mend what it says.',
      },
    );
  }
  if (governed === false) {
    throw new ConstitutionError(
      'CX-OVERHEAD-RUN',
      'no article governs the suite: there is nothing to compare',
      {
        hint: 'Add the plugin and articles with `vitest-constitution init`.',
      },
    );
  }
}
