import { readFile } from 'node:fs/promises';
import { writeAtomically } from '../../io/write-atomically.ts';
import type { Manifest } from './manifest.ts';

/** Raised when an environment is made in another way, so that older ones are made again. */
export const STAMP_FORMAT = 1;

/** What was installed, written after everything else: a folder without a readable stamp is half-made. */
export interface Stamp {
  readonly format: typeof STAMP_FORMAT;
  readonly name: string;
  readonly dspy: string;
  /** Full version of the interpreter. */
  readonly python: string;
  /** The interpreter that the environment is based on. */
  readonly basePython: string;
  /** `linux-x64`, as Node names it. */
  readonly platform: string;
  readonly lockSha256: string;
  /** `uv 0.13.9` or `pip`. */
  readonly installer: string;
  readonly createdAt: string;
  /** Values of environment markers (PEP 508). */
  readonly markers: Readonly<Record<string, string>>;
  readonly files: Manifest;
}

/** The stamp of an environment, or null where there is none of this format. */
export async function readStamp(file: string): Promise<Stamp | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return null;
  }
  try {
    const stamp = JSON.parse(text) as Partial<Stamp> | null;
    return stamp?.format === STAMP_FORMAT && typeof stamp.files === 'object' ? (stamp as Stamp) : null;
  } catch {
    return null;
  }
}

export async function writeStamp(file: string, stamp: Stamp): Promise<void> {
  await writeAtomically(file, JSON.stringify(stamp));
}
