// Spends from a ledger until it is refused, as one of several processes; tells of each call that was granted.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunCaps } from '../../../core/optimizer-budget.ts';
import { NOTHING } from '../../../core/spending/amounts.ts';
import { Ledger } from '../ledger.ts';

const { file, caps } = JSON.parse(process.env['SPEND'] as string) as { file: string; caps: RunCaps };
const ledger = new Ledger({ file, caps, enforced: true });
const of = { ...NOTHING, calls: 1, outputTokens: 10 };

async function spend(): Promise<void> {
  for (;;) {
    const reservation = await ledger.reserve(of, 'r').catch(() => null);
    if (reservation === null) return;
    process.stdout.write('granted\n');
    await delay(Math.random() * 4);
    reservation.settle({ ...of, outputTokens: 7 }, false);
  }
}

await Promise.all([spend(), spend(), spend()]);
ledger.close();
