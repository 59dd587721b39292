import type { Interval } from '../core/statistics/summary.ts';

/** A share as a percentage with sign, e.g. `+22 %`; `n/a` where there is none. */
export function signedPercent(share: number | null, digits = 0): string {
  if (share === null) return 'n/a';
  const text = (share * 100).toFixed(digits);
  return `${share > 0 && Number(text) !== 0 ? '+' : ''}${text} %`;
}

/** An interval of shares as percentages, e.g. `[-4 … +31]`; an open end is `∞`. */
export function percentInterval(interval: Interval | null, digits = 0): string {
  if (interval === null) return '';
  const bound = (share: number | null) =>
    share === null ? '∞' : signedPercent(share, digits).replace(' %', '');
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

/** A time span in its largest whole unit: `2 h`, `3 d`. */
export function ageText(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** Text from a stranger's file or program as one line that cannot command a terminal: control characters become `?`. */
export function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '?');
}
