import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson, type Json, sha256 } from '../../core/json.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { RecordedViolation } from '../../core/spending/recorded-violation.ts';

type Named = Pick<RecordedViolation, 'number'>;

/**
 * Writes down the runs that a violation is to be judged by, in case this process does not live to judge it: what its LM
 * calls were is known to nobody else. At once, for whoever is told of the violation may rely on it. Never throws: runs that
 * cannot be made, or a disk that does not take them, change nothing for the process that lives on.
 */
export function keepEvidence(folder: string, violation: Named, runs: () => readonly PipelineRun[]): void {
  const file = fileOf(folder, violation);
  try {
    const text = canonicalJson(runs() as unknown as Json);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.tmp`, `${sha256(text)} ${text}`);
    renameSync(`${file}.tmp`, file);
  } catch {
    return;
  }
}

/** The runs that were written down for a violation; null where there are none, or not as they were written. */
export function keptEvidence(folder: string, violation: Named): PipelineRun[] | null {
  try {
    const line = readFileSync(fileOf(folder, violation), 'utf8');
    const [hash, text] = [line.slice(0, 64), line.slice(65)];
    // We wrote it, and nothing has changed it since: the hash says so.
    return sha256(text) === hash ? (JSON.parse(text) as PipelineRun[]) : null;
  } catch {
    return null;
  }
}

function fileOf(folder: string, { number }: Named): string {
  return path.join(folder, `violation-${number}.json`);
}
