import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { RUN_CAPS, type RunCaps } from '../src/core/optimizer-budget.ts';
import { NOTHING } from '../src/core/spending/amounts.ts';
import { Gateway } from '../src/gateway/gateway.ts';
import { Ledger } from '../src/gateway/ledger/ledger.ts';
import { LedgerBudget } from '../src/gateway/ledger/ledger-budget.ts';
import { median } from './lib/median.ts';

const PAIRS = 12;
const CALLS = 400;

/**
 * What a budget costs a call: the same calls, of about 2 kB and one after the other, by a run that pays from a ledger and by
 * one that does not, in turns.
 *
 * @returns milliseconds of a call without a ledger, and what one adds (median over pairs; limit 1), with the smallest and
 *   largest pair; and the ledger's own part of it, to set an amount aside and to settle it
 */
export async function benchBudget(): Promise<Record<string, number>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-budget-'));
  const answer = JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content: 'return a + b' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 250, completion_tokens: 5 },
  });
  const endpoint = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answer));
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const caps = Object.fromEntries(RUN_CAPS.map((cap) => [cap, { hard: 1e12, warn: 1e11 }])) as RunCaps;
  const ledger = new Ledger({ file: path.join(folder, 'ledger.jsonl'), caps, enforced: true });
  const prices = { currency: 'USD', models: { stub: { inputPerMillion: 1, outputPerMillion: 2 } } };
  const budget = { prices, outputTokensWithoutLimit: 100 };
  const gateway = await Gateway.listen({
    mode: 'live',
    recordingsDir: folder,
    model: { id: 'stub', sha256: null },
    upstream: { baseUrl: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1` },
    budget: new LedgerBudget(new Map([['bench', { ledger, budget }]])),
  });
  try {
    await callsMs(gateway, undefined);
    const pairs: { without: number; added: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      // who goes first changes: the machine may get slower or faster on the way
      const first = pair % 2 === 0 ? undefined : 'bench';
      const one = await callsMs(gateway, first);
      const other = await callsMs(gateway, first === undefined ? 'bench' : undefined);
      const [without, paid] = first === undefined ? [one, other] : [other, one];
      pairs.push({ without, added: paid - without });
    }
    const ledgerMs = await reservationMs(ledger);
    const added = pairs.map((pair) => pair.added);
    return {
      callMs: median(pairs.map(({ without }) => without)),
      addedMs: median(added),
      addedMsLeast: Math.min(...added),
      addedMsMost: Math.max(...added),
      ledgerMs,
    };
  } finally {
    await gateway.close();
    ledger.close();
    endpoint.closeAllConnections();
    endpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of a call, mean over {@link CALLS}. */
async function callsMs(gateway: Gateway, ledger: string | undefined): Promise<number> {
  const environment = { name: 'bench', dspy: '3.0.1', python: '3.11' };
  const identity = { run: 'bench/budget/baseline/0', recording: 'bench.json', repeat: 0, environment };
  const { token } = await gateway.openRun(ledger === undefined ? identity : { ...identity, ledger });
  const content = 'x'.repeat(2_000);
  const started = performance.now();
  for (let call = 0; call < CALLS; call++) {
    const response = await fetch(`${gateway.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'stub', messages: [{ role: 'user', content }], max_tokens: 20 }),
    });
    await response.arrayBuffer();
  }
  const elapsed = performance.now() - started;
  await gateway.closeRun(token);
  return elapsed / CALLS;
}

async function reservationMs(ledger: Ledger): Promise<number> {
  const of = { ...NOTHING, calls: 1, outputTokens: 20 };
  const started = performance.now();
  for (let call = 0; call < 10 * CALLS; call++) (await ledger.reserve(of, 'bench')).settle(of, false);
  return (performance.now() - started) / (10 * CALLS);
}
