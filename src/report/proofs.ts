import pc from 'picocolors';
import type { BugProof } from '../core/bug-proof.ts';
import { formatPlace } from '../core/errors.ts';
import { clip, count, printable } from './format.ts';

/** A message that quotes a long call or value is cut here; `--json` has it whole. */
const MESSAGE_WIDTH = 400;

/** The bugs that are not proven, each with what is wrong, where, and what to do; then the count of the others. */
export function renderProofs(proofs: readonly BugProof[], options: { readonly color: boolean }): string {
  const paint = pc.createColors(options.color);
  const wrong = proofs.filter((proof) => !proof.proven);
  const lines = wrong.flatMap(({ bug, findings }) => [
    `${paint.red('✗')} ${bug}`,
    ...findings.flatMap(({ code, message, place, hint }) => [
      `    ${paint.red(code)} ${clip(printable(message), MESSAGE_WIDTH)}`,
      ...(place === null ? [] : [paint.dim(`      at ${formatPlace(place)}`)]),
      ...(hint === null ? [] : [paint.dim(`      hint ${hint}`)]),
    ]),
  ]);
  const searched = proofs.reduce((sum, { prompts }) => sum + prompts.recordings, 0);
  const prompts = searched > 0 ? `; ${count(searched, 'recording')} searched for fixes and hidden tests` : '';
  const proven = `${count(proofs.length - wrong.length, 'seeded bug')} proven`;
  return [...lines, `${proven}${wrong.length > 0 ? `, ${wrong.length} not` : ''}${prompts}.`].join('\n');
}
