import pc from 'picocolors';
import { count } from './format.ts';

/** Whether the hidden tests of a seeded bug prove it. */
export interface Proof {
  /** `<role>/<id>`. */
  readonly bug: string;
  readonly proven: boolean;
  /** What was shown, or what is missing. */
  readonly detail: string;
}

/** The bugs that are not proven, each with its reason, and the count of the others. */
export function renderProofs(proofs: readonly Proof[], options: { readonly color: boolean }): string {
  const paint = pc.createColors(options.color);
  const wrong = proofs.filter((proof) => !proof.proven);
  return [
    ...wrong.map(({ bug, detail }) => `${paint.red('✗')} ${bug}: ${detail}`),
    `${count(proofs.length - wrong.length, 'seeded bug')} proven${wrong.length > 0 ? `, ${wrong.length} not` : ''}.`,
  ].join('\n');
}
