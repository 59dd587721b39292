import os from 'node:os';
import type { BugProof } from '../core/bug-proof.ts';
import type { ImportedProgram } from '../core/imported-program.ts';
import { type BenchmarkProgram, readBenchmark } from './benchmark.ts';
import { coderFiles } from './bug-files.ts';
import { type BugPlace, folderOf, idOf, isTaken, moveBug, stagingArea, writeBug } from './bug-folder.ts';
import { BugMaker, isNoBug, type MadeBug } from './maker.ts';
import { Progress } from './progress.ts';
import { importRoots } from './source-tree.ts';
import { verifyBugs } from './verify.ts';

export interface ImportOptions {
  readonly root: string;
  /** Absolute folder of the benchmark, and the one that gets `coder/<id>/`. */
  readonly from: string;
  readonly to: string;
  /** Replaces bugs that are there already. */
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/** Most programs of benchmarks are a page long, and their bugs one line of it. */
const DIFFICULTY = 2;

/** A program on its way, and what is known of it so far. */
interface Candidate {
  readonly name: string;
  readonly place: BugPlace;
  readonly made: MadeBug;
}

/**
 * Makes a seeded bug of every program of a benchmark that its tests prove; the others are listed with the reason. Whatever
 * of it is executed runs in the sandbox.
 *
 * @returns a row for each program, in order of their names.
 * @throws ConstitutionError CX-BUG-SOURCE where it is no benchmark, CX-SANDBOX-UNAVAILABLE, CX-RUN-CANCELLED; nothing is
 * written then.
 */
export async function importBenchmark(options: ImportOptions): Promise<ImportedProgram[]> {
  const { root, from, to, force, signal, note } = options;
  const programs = await readBenchmark(from);
  const maker = await BugMaker.of(root, signal);
  const progress = new Progress(programs.length, note);
  const rows = new Map<string, ImportedProgram>();
  const candidates: Candidate[] = [];
  const ids = new Map<string, string>();
  const leave = (name: string, why: string, status: ImportedProgram['status'] = 'left-out') =>
    rows.set(name, {
      program: name,
      status,
      bug: null,
      folder: null,
      kind: null,
      hidden: 0,
      failing: 0,
      why,
    });
  const waiting = programs.values();
  const makeNext = async () => {
    for (const program of waiting) {
      const found = await candidateOf(program, to, force, maker, ids);
      if ('made' in found) candidates.push(found);
      else leave(program.name, found.why, found.status);
      progress.step(program.name);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, makeNext));
  for (const row of await writeProven(candidates, options)) rows.set(row.program, row);
  return programs.flatMap(({ name }) => rows.get(name) ?? []);
}

async function candidateOf(
  program: BenchmarkProgram,
  base: string,
  force: boolean,
  maker: BugMaker,
  ids: Map<string, string>,
): Promise<Candidate | { why: string; status: ImportedProgram['status'] }> {
  const out = (why: string, status: ImportedProgram['status'] = 'left-out') => ({ why, status });
  const { name } = program;
  if (program.why !== null) return out(program.why);
  const id = idOf(name);
  if (id === '') return out('no id can be made of its name');
  const other = ids.get(id);
  if (other !== undefined) return out(`its id ${id} is that of ${other}`);
  ids.set(id, name);
  const place: BugPlace = { base, role: 'coder', id };
  if (!force && (await isTaken(place))) return out(`${folderOf(place)} is there already`, 'exists');
  const { files, before, path, also, tests, cases } = program;
  if (before[path]?.trim() === files[path]?.trim())
    return out('it is the same before and after: no bug is in it');
  const made = await maker.make({
    do: 'pair',
    files,
    before,
    paths: [path],
    also,
    tests,
    cases,
    roots: [...importRoots(files), path.slice(0, path.indexOf('/'))],
  });
  if (isNoBug(made) || made.why !== null) return out(made.why ?? '');
  return { name, place, made };
}

/** Proves what was made, all of it together, and moves what is proven to its place. */
async function writeProven(
  candidates: readonly Candidate[],
  { root, to, signal, note }: ImportOptions,
): Promise<ImportedProgram[]> {
  if (candidates.length === 0) return [];
  const staging = await stagingArea(to);
  try {
    for (const { name, place, made } of candidates) {
      const { why: _, left: __, what: ___, ...bug } = made;
      const description = { kind: made.kind, difficulty: DIFFICULTY, title: `${name}: ${made.kind}` };
      await writeBug({ ...place, base: staging.base }, coderFiles(description, bug));
    }
    const proofs = await verifyBugs({ root, folder: staging.base, beside: to, signal, note });
    const byBug = new Map(proofs.map((proof) => [proof.bug, proof]));
    const rows: ImportedProgram[] = [];
    for (const { name, place, made } of candidates) {
      const proof = byBug.get(`${place.role}/${place.id}`);
      if (proof?.proven) await moveBug({ ...place, base: staging.base }, place);
      rows.push(rowOf(name, place, made, proof));
    }
    return rows;
  } finally {
    await staging.remove();
  }
}

function rowOf(name: string, place: BugPlace, made: MadeBug, proof: BugProof | undefined): ImportedProgram {
  const proven = proof?.proven === true;
  return {
    program: name,
    status: proven ? 'imported' : 'left-out',
    bug: proven ? `${place.role}/${place.id}` : null,
    folder: proven ? folderOf(place) : null,
    kind: made.kind,
    hidden: proof?.counts['tests'] ?? made.hidden.length,
    failing: proof?.counts['failing'] ?? made.failing,
    why: proven ? null : `it is not proven: ${proof?.findings.map(({ message }) => message).join('; ')}`,
  };
}
