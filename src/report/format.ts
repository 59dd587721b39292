import type { Interval } from '../core/statistics/summary.ts';

/** A share as a percentage with sign, e.g. `+22 %`; `n/a` where there is none. */
export function signedPercent(share: number | null, digits = 0): string {
  if (share === null) return 'n/a';
  const text = (share * 100).toFixed(digits);
  return `${share > 0 && Number(text) !== 0 ? '+' : ''}${text} %`;
}

/** An interval of shares as percentages, e.g. `[-4 … +31]`; an open end is `∞`. */
export function percentInterval(interval: Interval | null): string {
  if (interval === null) return '';
  const bound = (share: number | null) => (share === null ? '∞' : signedPercent(share).replace(' %', ''));
  return `[${bound(interval.lower)} … ${bound(interval.upper)}]`;
}

/** A count with its noun: `1 finding`, `2 findings`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** The text cut to a width, with an ellipsis where something was cut. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
