import type { BugFinding } from '../core/bug-proof.ts';
import { sequenceSimilarity, similarityBound } from '../core/sequence-similarity.ts';

/**
 * Two bugs of a role whose shapes are more similar than this are one bug told twice. The closest pair of different
 * bugs in the shipped corpus is at 0.92: bugs of one line have little room to differ.
 */
export const ALIKE_ABOVE = 0.93;

/** What there is to compare of a bug. */
export interface ShapedBug {
  /** `<role>/<id>`. */
  readonly key: string;
  readonly role: string;
  /** Its folder, relative to the project. */
  readonly folder: string;
  /** What its prover says of its form: names and values do not matter. Empty where the prover says nothing. */
  readonly shape: readonly string[];
}

/**
 * What is wrong with bugs that repeat another one.
 *
 * @param asked The bugs that findings are wanted for; they are compared with each other and with `others`.
 * @param above Similarity from 0 to 1 (see {@link sequenceSimilarity}) above which two count as alike.
 * @returns by key one finding for each bug of `asked` that has its like, naming the most similar one.
 */
export function alikeFindings(
  asked: readonly ShapedBug[],
  others: readonly ShapedBug[],
  above: number,
): Map<string, BugFinding> {
  const findings = new Map<string, BugFinding>();
  for (const bug of asked) {
    let [like, highest] = ['', above];
    for (const other of [...asked, ...others]) {
      if (other.key === bug.key || other.role !== bug.role) continue;
      if (other.shape.length === 0 || similarityBound(bug.shape, other.shape) <= highest) continue;
      const similarity = sequenceSimilarity(bug.shape, other.shape);
      if (similarity > highest) [like, highest] = [other.key, similarity];
    }
    if (like) findings.set(bug.key, finding(bug, like, highest, above));
  }
  return findings;
}

function finding(bug: ShapedBug, like: string, similarity: number, above: number): BugFinding {
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  return {
    code: 'CX-BUG-ALIKE',
    message: `has ${percent(similarity)} of its form in common with ${like}, at most ${percent(above)} may be`,
    place: { file: bug.folder },
    hint: 'Leave one of them out, or give it another form: other names and numbers are not another bug.',
  };
}
