import type { JsonObject } from './json.ts';
import { sha256 } from './json.ts';

/** What a bug may be used for: optimizers and tuning see train and validation, the verdict is made from test. */
export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** The roles whose bugs have a format; each is a folder of `seeded-bugs/`. */
export const BUG_ROLES = ['coder', 'planner'] as const;
export type BugRole = (typeof BUG_ROLES)[number];

/** One seeded bug, as its folder states it. JSON-safe. The fix and the hidden tests stay in the folder. */
export interface SeededBug {
  /** Name of the folder; unique within its role. */
  readonly id: string;
  readonly role: BugRole;
  /** What is wrong, e.g. `off-by-one`. */
  readonly kind: string;
  /** 1 (easy) to 3 (hard), as its author judged it. */
  readonly difficulty: 1 | 2 | 3;
  readonly title: string;
  readonly split: Split;
  /** Relative to the root where it lies in it, else absolute; `/` as separator. */
  readonly folder: string;
  /** All that a pipeline may be told: it chooses from these fields, and never sees the fix or the hidden tests. */
  readonly visible: JsonObject;
  /** SHA-256 over the folder's files, so that a baseline made from another state is noticed. */
  readonly sha256: string;
}

/** Whether a verdict that is made from one split, or from all, takes bugs of another one into account. */
export function isJudged(split: string, judged: string): boolean {
  return judged === 'all' || split === judged;
}

const TRAIN = 0.25;
const VALIDATION = 0.15;

/** The split of a bug, from its id alone: adding bugs never moves one to another split. */
export function splitOf(id: string): Split {
  const fraction = Number.parseInt(sha256(id).slice(0, 8), 16) / 2 ** 32;
  if (fraction < TRAIN) return 'train';
  return fraction < TRAIN + VALIDATION ? 'validation' : 'test';
}
