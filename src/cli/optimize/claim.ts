import { randomBytes } from 'node:crypto';
import { ConstitutionError } from '../../core/errors.ts';
import type { Spender } from '../../core/spending/ledger-entry.ts';
import { Journal } from '../../gateway/ledger/journal.ts';
import { ledgerBroken } from '../../gateway/ledger/refusal.ts';
import { isAlive, ownSpender } from '../../gateway/ledger/spender.ts';

/** One line of the journal of claims: `s` wants what it is about, or wants it no more. */
type ClaimEntry =
  | { readonly k: 'claim'; readonly s: string; readonly by: Spender }
  | { readonly k: 'free'; readonly s: string };

/**
 * Takes what one process alone may have, until the returned function is called or the process ends. Whose it is follows from
 * the order of the lines of a journal: the first living one that claims it. So there is no moment in which two have it,
 * or in which one that is refused frees what is another's.
 *
 * @throws ConstitutionError CX-OPTIMIZE-BUSY where another process has it, CX-BUDGET-LEDGER where the journal cannot be kept
 */
export function claim(file: string, role: string): () => void {
  const own = randomBytes(8).toString('hex');
  let journal: Journal | undefined;
  try {
    journal = new Journal(file);
    const claims = new Map<string, Spender>();
    const read = (from: Journal) => {
      for (const entry of from.read() as ClaimEntry[]) {
        if (entry.k === 'claim') claims.set(entry.s, entry.by);
        else claims.delete(entry.s);
      }
    };
    // Before the first line of its own, which a line that was cut off would spoil.
    read(journal);
    journal.append({ k: 'claim', s: own, by: ownSpender() } satisfies ClaimEntry);
    read(journal);
    for (const [s, by] of claims) {
      if (s === own) break;
      if (isAlive(by)) throw busy(role, by);
    }
  } catch (error) {
    if (journal !== undefined) free(journal, own);
    throw ledgerBroken(file, error);
  }
  const taken = journal;
  return () => free(taken, own);
}

function free(journal: Journal, s: string): void {
  try {
    journal.append({ k: 'free', s } satisfies ClaimEntry);
    journal.close();
  } catch {
    // A disk that does not take it: the claim ends with this process.
  }
}

function busy(role: string, { pid }: Spender): ConstitutionError {
  return new ConstitutionError('CX-OPTIMIZE-BUSY', `process ${pid} is optimizing the role ${role}`, {
    hint: 'Wait for it, or end it; what it has found is kept.',
  });
}
