import type pc from 'picocolors';
import type { Status, VerdictStatus } from '../core/verdict/reason.ts';

export type Paint = ReturnType<typeof pc.createColors>;

/** A status in its colour; `loud` in capitals. */
export function statusText(status: VerdictStatus | Status | 'note', paint: Paint, loud = false): string {
  const text = loud ? status.toUpperCase() : status;
  if (status === 'pass') return paint.green(text);
  if (status === 'inconclusive') return paint.yellow(text);
  return status === 'note' ? paint.dim(text) : paint.red(text);
}
