import path from 'node:path';
import type { JsonObject } from '../../core/json.ts';

/**
 * A row of the table: a little project that keeps the rule of one check, the edit that breaks it, and what is found then. Each
 * project is a folder of a larger one, with an article of its own; `<here>` in any text stands for the folder, relative to the
 * root, and `<pipeline>` for the name of its pipeline.
 */
export interface CheckCase {
  /** Of the check. */
  readonly options?: JsonObject;
  /** Files in the folder; the tests are in `a.test.ts`, and what `pipeline` is built of in `pipeline.py`. */
  readonly files: Readonly<Record<string, string>> & { readonly 'a.test.ts': string };
  /** As in `fixtures/pipelines.yaml`; role and entry are filled in. */
  readonly pipeline?: JsonObject;
  /** The one thing that is broken: a text that stands once in one file (`a.test.ts`), and what takes its place. */
  readonly broken: { readonly file?: string; readonly from: string; readonly to: string };
  readonly finds: ExpectedFinding;
  /** What the other part of a check finds that has one for tests and one for the run. */
  readonly findsToo?: ExpectedFinding;
}

/** A finding as the table states it. */
export interface ExpectedFinding {
  readonly code: string;
  /** Full name of the test; null where the finding belongs to none. */
  readonly test: string | null;
  /** Where to look; null where there is no place. */
  readonly at: { readonly file: string; readonly line: number } | null;
  /** What was measured, or a part of it. */
  readonly values: JsonObject;
}

/** What a check governs: single tests, or the run as a whole. */
export type CheckKind = 'test' | 'suite';

/** What becomes of a row's project: it is left as it is, it is broken, or it is broken and the check finds nothing. */
export const STATES = ['kept', 'broken', 'without'] as const;
export type State = (typeof STATES)[number];

/** A row in one of its states. */
export interface Row {
  readonly kind: CheckKind;
  /** Of the check. */
  readonly name: string;
  readonly state: State;
  readonly sample: CheckCase;
}

/** From where a row's test imports the fixtures `dspy` and `record`. */
export const FIXTURES = '../../../../../../src/vitest/test.ts';

/** The folder of a row's project. */
export function folderOf({ kind, name, state }: Row): string {
  return `${state}/${kind}/${name}`;
}

/** The id of its article. */
export function articleOf({ kind, name, state }: Row): string {
  return `${state}-${kind}-${name}`;
}

/** The name of its pipeline. */
export function pipelineOf({ name, state }: Row): string {
  return `${state}-${name}`;
}

/** The Python module of its pipeline. */
export function moduleOf(row: Row): string {
  return pipelineOf(row).replaceAll('-', '_');
}

/** A value of a row with what its texts stand for. */
export function filledIn<Value>(row: Row, value: Value): Value {
  const text = JSON.stringify(value)
    .replaceAll('<here>', folderOf(row))
    .replaceAll('<pipeline>', pipelineOf(row));
  return JSON.parse(text) as Value;
}

/** The files of a row's project, and its article. */
export function filesOf(row: Row): Record<string, string> {
  const { name, state, sample } = row;
  const { file: changed = 'a.test.ts', from, to } = sample.broken;
  const checks = [{ uses: name, ...(sample.options ? { with: sample.options } : {}) }];
  const id = articleOf(row);
  const appliesTo = { files: ['<here>/**'] };
  const article = { id, title: name, why: 'The table says what it finds.', appliesTo, checks };
  const files = Object.entries(filledIn(row, sample.files)).map(([file, text]) => [
    // Python is found below `fixtures/` only.
    file === 'pipeline.py' ? `fixtures/${moduleOf(row)}.py` : path.posix.join(folderOf(row), file),
    state !== 'kept' && file === changed ? replaceOnce(text, from, to, id) : text,
  ]);
  return {
    [`constitution/${id}.yaml`]: JSON.stringify(filledIn(row, article)),
    ...(Object.fromEntries(files) as Record<string, string>),
  };
}

function replaceOnce(text: string, from: string, to: string, id: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new TypeError(`${id}: "${from}" stands ${parts.length - 1} times`);
  return parts.join(to);
}
