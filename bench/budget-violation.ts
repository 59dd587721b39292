import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ForkServer } from '../src/bridge/worker/fork-server.ts';
import { CoderProject, isReflection, STUBBORN_JUDGE } from '../src/cli/optimize/test-support.ts';
import { RUN_CAPS, type RunCaps } from '../src/core/optimizer-budget.ts';
import { Gateway } from '../src/gateway/gateway.ts';
import { Ledger } from '../src/gateway/ledger/ledger.ts';
import { LedgerBudget } from '../src/gateway/ledger/ledger-budget.ts';

/** Calls that score the pipeline as it was; from then on its LM fails. */
const FIRST = 6;
const CAP = 16;
const RUNS = 200;
const TOKENS = 60;

/**
 * What becomes of a run that goes over its budget, with the real GEPA whose LM fails for ever, and of many runs at once.
 *
 * @returns milliseconds from a hard cap until the optimizer had ended (limit 1000), and LM calls beyond the cap (limit: those
 *   under way, 2); of the check by the constitution; from the first failure of an LM that always fails until the command has
 *   ended an optimizer that nothing else stops (limit 10000), and the same for one that swallows every refusal; and how many
 *   of 200 runs at once, each with a cap of its own, were over it (limit 0)
 */
export async function benchBudgetViolation(): Promise<Record<string, number>> {
  const project = await CoderProject.make(['absolute-value', 'all-positive', 'balance'], ForkServer.start);
  try {
    const capped = await failing(project, CAP);
    const [violation] = capped.result?.violations ?? [];
    const overspend = project.lm.requests.length - CAP;
    const livelock = await failing(project, 300);
    const stubborn = await swallowing(project);
    return {
      hardStopMs: violation?.stoppedAfterMs ?? Number.NaN,
      overspendCalls: overspend,
      checkMs: violation?.check.ms ?? Number.NaN,
      checkedRuns: violation?.check.runs ?? Number.NaN,
      livelockEndedMs: livelock.endedMs,
      swallowingEndedMs: stubborn,
      runsOverCap: await runsOverCap(),
    };
  } finally {
    await project.remove();
  }
}

async function failing(project: CoderProject, calls: number) {
  await project.reset();
  await project.budget({ calls, metricCalls: 1000 });
  const { lm } = project;
  let failedAt = Number.NaN;
  lm.answer = (prompt, request) => {
    if (lm.requests.length <= FIRST || isReflection(prompt)) return project.answer(prompt, request);
    if (Number.isNaN(failedAt)) failedAt = performance.now();
    return 500;
  };
  const { result } = await project.optimize();
  return { result, endedMs: performance.now() - failedAt };
}

/** Milliseconds from the hard cap until an optimizer has ended whose judge asks again and again. */
async function swallowing(project: CoderProject): Promise<number> {
  await project.reset();
  await project.budget({ calls: CAP });
  await writeFile(path.join(project.root, 'fixtures', 'optimizing', 'stubborn.py'), STUBBORN_JUDGE);
  const { result } = await project.optimize('--judge', 'optimizing.stubborn:judge');
  return result?.violations[0]?.stoppedAfterMs ?? Number.NaN;
}

/** Each run asks until it is refused; what it got is counted by the endpoint, and not by what kept it within its cap. */
async function runsOverCap(): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-violation-'));
  const got = new Map<string, number>();
  const endpoint = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { messages, max_tokens: most } = JSON.parse(Buffer.concat(chunks).toString());
    const tokens = 1 + Math.floor(Math.random() * most);
    const [{ content }] = messages;
    got.set(content, (got.get(content) ?? 0) + tokens);
    const choices = [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }];
    const usage = { prompt_tokens: 5, completion_tokens: tokens };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ choices, usage }));
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const caps = Object.fromEntries(
    RUN_CAPS.map((cap) => [cap, cap === 'outputTokens' ? { hard: TOKENS, warn: TOKENS / 2 } : null]),
  ) as RunCaps;
  const budget = { prices: { currency: 'USD', models: {} }, outputTokensWithoutLimit: 10 };
  const names = Array.from({ length: RUNS }, (_, index) => `run${index}`);
  const ledgers = new Map(
    names.map((name) => {
      const ledger = new Ledger({ file: path.join(folder, `${name}.jsonl`), caps, enforced: true });
      return [name, { ledger, budget }];
    }),
  );
  const gateway = await Gateway.listen({
    mode: 'live',
    recordingsDir: folder,
    model: { id: 'stub', sha256: null },
    upstream: { baseUrl: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1` },
    budget: new LedgerBudget(ledgers),
  });
  const spend = async (name: string) => {
    const environment = { name: 'bench', dspy: '3.0.1', python: '3.11' };
    const { token } = await gateway.openRun({
      run: `bench/${name}/candidate/0`,
      recording: `${name}.json`,
      repeat: 0,
      environment,
      ledger: name,
    });
    const ask = async (): Promise<number> => {
      const response = await fetch(`${gateway.baseUrl}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'stub', messages: [{ role: 'user', content: name }], max_tokens: 10 }),
      });
      await response.arrayBuffer();
      return response.status;
    };
    // Three at a time, as an optimizer with threads asks.
    const thread = async () => {
      while ((await ask()) === 200);
    };
    await Promise.all([thread(), thread(), thread()]);
  };
  try {
    await Promise.all(names.map(spend));
    return names.filter((name) => (got.get(name) ?? Number.POSITIVE_INFINITY) > TOKENS).length;
  } finally {
    await gateway.close();
    for (const { ledger } of ledgers.values()) ledger.close();
    endpoint.closeAllConnections();
    endpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}
