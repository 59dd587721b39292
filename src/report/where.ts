import type { Finding } from '../core/finding.ts';

/** Where a finding belongs, in words: its test, or its place, or the suite as a whole. */
export function whereOf({ test, place }: Finding): string {
  const line = place === null ? '' : `:${place.line}`;
  if (test !== null) return `${test.file}${line} > ${test.name}`;
  return place === null ? 'the suite' : `${place.file}${line}`;
}
