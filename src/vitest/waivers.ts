import type { Waiver } from '../core/article.ts';
import { escapeRegExp } from '../core/escape-regexp.ts';
import type { Finding, TestIdentity } from '../core/finding.ts';

/** A waiver that can be asked whether it covers a test. */
export interface GoverningWaiver {
  readonly waiver: Waiver;
  readonly expired: boolean;
  covers(test: TestIdentity): boolean;
  /** A finding of no test is covered by its file. */
  coversFinding(finding: Pick<Finding, 'test' | 'place'>): boolean;
}

/** @param today `YYYY-MM-DD`; a waiver holds to the end of its last day. */
export function compileWaiver(waiver: Waiver, today: string): GoverningWaiver {
  const pattern = new RegExp(`^${waiver.test.split('*').map(escapeRegExp).join('.*')}$`, 's');
  const covers = ({ file, name }: TestIdentity) => pattern.test(name) || pattern.test(`${file} > ${name}`);
  return {
    waiver,
    // ISO days compare as texts.
    expired: waiver.until < today,
    covers,
    coversFinding: ({ test, place }) => {
      if (test !== null) return covers(test);
      return place !== null && (pattern.test(place.file) || pattern.test(`${place.file} > `));
    },
  };
}

/** The waiver for a finding or test: one that holds goes before one that has expired. */
export function chooseWaiver(
  waivers: readonly GoverningWaiver[],
  covers: (waiver: GoverningWaiver) => boolean,
): GoverningWaiver | undefined {
  const covering = waivers.filter(covers);
  return covering.find(({ expired }) => !expired) ?? covering[0];
}
