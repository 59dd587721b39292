import type { Waiver } from '../core/article.ts';
import { escapeRegExp } from '../core/escape-regexp.ts';
import type { TestIdentity } from '../core/finding.ts';

/** A waiver that can be asked whether it covers a test. */
export interface GoverningWaiver {
  readonly waiver: Waiver;
  readonly expired: boolean;
  covers(test: TestIdentity): boolean;
}

/** @param today `YYYY-MM-DD`; a waiver holds to the end of its last day. */
export function compileWaiver(waiver: Waiver, today: string): GoverningWaiver {
  const pattern = new RegExp(`^${waiver.test.split('*').map(escapeRegExp).join('.*')}$`, 's');
  return {
    waiver,
    // ISO days compare as texts.
    expired: waiver.until < today,
    covers: ({ file, name }) => pattern.test(name) || pattern.test(`${file} > ${name}`),
  };
}
