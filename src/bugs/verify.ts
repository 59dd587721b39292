import { secretsOf } from '../config/bug-secrets.ts';
import { type BugSelection, type InspectedBug, inspectSeededBugs } from '../config/bugs.ts';
import { loadGate } from '../config/gate.ts';
import type { BugFinding, BugProof } from '../core/bug-proof.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { BugRole, SeededBug } from '../core/seeded-bug.ts';
import { ALIKE_ABOVE, alikeFindings, type ShapedBug } from './alike.ts';
import { Progress } from './progress.ts';
import { Prompts } from './prompts.ts';
import { type ProverAnswer, Provers } from './prover.ts';

export interface VerifyOptions {
  readonly root: string;
  /** Absolute folder that holds `<role>/<id>/`; default: the project's `seeded-bugs/`. */
  readonly folder?: string;
  readonly ids?: readonly string[];
  readonly role?: BugRole;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  /** Provers that run already; by default they are started for this call, which takes some seconds. */
  readonly provers?: Provers;
  /** Absolute folder whose bugs they must not be like either: where bugs that are proven elsewhere shall be. */
  readonly beside?: string;
  /** Similarity above which two bugs of a role are alike; 1 lets all pass. Default {@link ALIKE_ABOVE}. */
  readonly alikeAbove?: number;
}

/**
 * Proves seeded bugs: their parts are there and well-formed, hidden tests fail on the bug and pass on the fix every
 * time, no recorded prompt holds the fix or a hidden test, and no other bug of the folder is like them.
 *
 * @returns a row for each bug, in order of role and id; a bug that is not proven says why.
 * @throws ConstitutionError for what is no bug's fault: `gate.yaml`, the environment, the sandbox, a name that is none; and
 * CX-RUN-CANCELLED.
 */
export async function verifyBugs(options: VerifyOptions): Promise<BugProof[]> {
  const { root, signal, note, provers: running, beside, alikeAbove = ALIKE_ABOVE, ...selection } = options;
  const [gate, inspected] = await Promise.all([loadGate(root), inspectSeededBugs(root, selection)]);
  const bugs = inspected.flatMap(({ bug }) => (bug ? [bug] : []));
  const answers = new Map<string, ProverAnswer>();
  const searches = new Map<string, Searched>();
  let alike = new Map<string, BugFinding>();
  if (bugs.length > 0) {
    if (!running) note(`Starting ${gate.environments.baseline} …`);
    const provers = running ?? (await Provers.start(root, gate, signal));
    const progress = new Progress(bugs.length, note);
    const onProof = (bug: SeededBug, answer: ProverAnswer) => {
      answers.set(keyOf(bug), answer);
      progress.step(keyOf(bug));
    };
    try {
      // Recordings are of the project's own bugs; a bug elsewhere may have the name of one of them.
      const recorded = selection.folder === undefined ? bugs : [];
      await Promise.all([provers.prove(bugs, onProof), searchAll(root, recorded, searches)]);
      const asked = bugs.map((bug) => shaped(bug, answers.get(keyOf(bug))?.shape));
      const others = await unasked(root, { ...selection, beside }, answers);
      const shapes = [...(await provers.shapes(others))].map(([bug, shape]) => shaped(bug, shape));
      alike = alikeFindings(asked, shapes, alikeAbove);
    } finally {
      if (!running) await provers.stop();
    }
  }
  return inspected.map((one) => rowOf(one, answers.get(one.key), searches.get(one.key), alike.get(one.key)));
}

interface Searched {
  readonly prompts: BugProof['prompts'];
  readonly findings: readonly BugFinding[];
}

async function searchAll(root: string, bugs: readonly SeededBug[], into: Map<string, Searched>) {
  const prompts = new Prompts(root);
  for (const bug of bugs) {
    try {
      const { recordings, requests, findings } = await prompts.search(keyOf(bug), await secretsOf(root, bug));
      into.set(keyOf(bug), { prompts: { recordings, requests }, findings });
    } catch (error) {
      if (!(error instanceof ConstitutionError)) throw error;
      into.set(keyOf(bug), { prompts: { recordings: 0, requests: 0 }, findings: [ofError(error)] });
    }
  }
}

/** The other bugs of the folder, where only some were asked for, and those of the folder beside. */
async function unasked(
  root: string,
  { ids, beside, ...everything }: BugSelection & { readonly beside: string | undefined },
  answers: ReadonlyMap<string, ProverAnswer>,
): Promise<SeededBug[]> {
  const own = ids === undefined ? [] : await inspectSeededBugs(root, everything);
  const theirs = beside === undefined ? [] : await bugsThere(root, beside);
  return [...own, ...theirs].flatMap(({ bug }) => (bug && !answers.has(keyOf(bug)) ? [bug] : []));
}

/** The bugs of a folder that may not be there yet. */
async function bugsThere(root: string, folder: string): Promise<InspectedBug[]> {
  try {
    return await inspectSeededBugs(root, { folder });
  } catch (error) {
    if (error instanceof ConstitutionError && error.code === 'CX-CONFIG-MISSING') return [];
    throw error;
  }
}

function shaped(bug: SeededBug, shape: readonly string[] = []): ShapedBug {
  return { key: keyOf(bug), role: bug.role, folder: bug.folder, shape };
}

function rowOf(
  { key, error }: InspectedBug,
  answer?: ProverAnswer,
  searched?: Searched,
  alike?: BugFinding,
): BugProof {
  const findings = [
    ...(error ? [ofError(error)] : []),
    ...(answer?.findings ?? []),
    ...(searched?.findings ?? []),
    ...(alike ? [alike] : []),
  ];
  return {
    bug: key,
    proven: findings.length === 0 && answer !== undefined,
    detail: findings.length > 0 ? findings.map(({ message }) => message).join('; ') : (answer?.detail ?? ''),
    counts: answer?.counts ?? {},
    prompts: searched?.prompts ?? { recordings: 0, requests: 0 },
    findings,
  };
}

function ofError(error: ConstitutionError): BugFinding {
  return {
    code: error.code,
    message: error.message,
    place: error.place ?? null,
    hint: error.hint ?? null,
  };
}

function keyOf(bug: SeededBug): string {
  return `${bug.role}/${bug.id}`;
}
