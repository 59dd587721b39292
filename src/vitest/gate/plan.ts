import type { GateConfig } from '../../config/gate.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { SeededBug } from '../../core/seeded-bug.ts';

/** Which seeded bugs a gate run is about. */
export interface Selection {
  /** Only these, as `<role>/<id>` or `<id>`. */
  readonly bugs?: readonly string[];
  /** Only those that `gate.yaml` names under `quick`. */
  readonly quick?: boolean;
}

/** Bugs of one generated test file: enough to spread over workers and shards, few enough to balance. */
const BUGS_PER_FILE = 8;

/** The selected bugs of the roles that the gate compares, in order of role and id. */
export function selectBugs(all: readonly SeededBug[], gate: GateConfig, selection: Selection): SeededBug[] {
  const compared = all.filter((bug) => gate.roles[bug.role] !== undefined);
  const wanted = selection.quick ? gate.quick : selection.bugs;
  if (wanted === undefined) return compared;
  if (wanted.length === 0) {
    throw new ConstitutionError('CX-CONFIG-REFERENCE', 'no bug is named for a quick run', {
      place: { file: 'gate.yaml' },
      hint: 'List bugs under `quick:` as <role>/<id>.',
    });
  }
  return wanted.flatMap((name) => {
    const found = compared.filter((bug) => name === bug.id || name === keyOf(bug));
    if (found.length > 0) return found;
    throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no seeded bug "${name}"`, {
      hint: didYouMean(name, compared.map(keyOf)),
    });
  });
}

/** `<role>/<id>`. */
export function keyOf(bug: { readonly role: string; readonly id: string }): string {
  return `${bug.role}/${bug.id}`;
}

/** Splits bugs into the test files of a run; each file holds bugs of one role. */
export function testFiles(
  bugs: readonly SeededBug[],
): { readonly name: string; readonly bugs: readonly string[] }[] {
  return [...groupByRole(bugs)].flatMap(([role, ofRole]) => {
    const files = Math.ceil(ofRole.length / BUGS_PER_FILE);
    return Array.from({ length: files }, (_, index) => ({
      name: `${role}-${String(index + 1).padStart(2, '0')}`,
      // Dealt out in turn, so that the files take about equal time even where bugs are sorted by difficulty.
      bugs: ofRole.filter((_bug, position) => position % files === index).map(keyOf),
    }));
  });
}

function groupByRole(bugs: readonly SeededBug[]): Map<string, SeededBug[]> {
  const groups = new Map<string, SeededBug[]>();
  for (const bug of bugs) groups.set(bug.role, [...(groups.get(bug.role) ?? []), bug]);
  return groups;
}
