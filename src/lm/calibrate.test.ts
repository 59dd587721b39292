import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrate, fitRates, probes } from './calibrate.ts';
import { fitNonNegative } from './least-squares.ts';

describe('fitNonNegative', () => {
  test('finds the coefficients that made the observations', () => {
    const positive = fc.integer({ min: 1, max: 500 }).map((value) => value / 10);
    fc.assert(
      fc.property(fc.tuple(positive, positive, positive), (truth) => {
        const rows = probes().map(({ words, maxTokens }) => [1, words, maxTokens]);
        const observations = rows.map((factors) => ({
          factors,
          measured: factors.reduce((sum, factor, at) => sum + factor * (truth[at] ?? 0), 0),
        }));
        const fit = fitNonNegative(observations) ?? [];
        for (const [at, value] of truth.entries()) expect(fit[at]).toBeCloseTo(value, 4);
      }),
    );
  });

  test('gives no coefficient below zero', () => {
    const observations = [10, 20, 30, 40].map((size) => ({ factors: [1, size], measured: 2 * size - 10 }));
    const [overhead, slope] = fitNonNegative(observations) ?? [];
    expect(overhead).toBe(0);
    expect(slope).toBeGreaterThan(1);
    expect(slope).toBeLessThan(2);
  });

  test('says so where the observations do not determine the coefficients', () => {
    expect(
      fitNonNegative([1, 2, 3].map((size) => ({ factors: [1, size, 2 * size], measured: size }))),
    ).toBeNull();
    expect(fitNonNegative([])).toEqual([]);
  });
});

describe('fitRates', () => {
  const exact = probes().map(({ words, maxTokens }) => ({
    input: words,
    output: maxTokens,
    time: 8 + words * 2 + maxTokens * 10,
  }));

  test('turns times into rates', () => {
    expect(fitRates(exact)).toEqual({
      overheadMs: 8,
      inputTokensPerSecond: 500,
      outputTokensPerSecond: 100,
      residual: 0,
    });
  });

  test('states the error of the fit', () => {
    const noisy = exact.map((one, at) => ({ ...one, time: one.time * (at % 2 === 0 ? 1.1 : 0.9) }));
    const { residual, inputTokensPerSecond } = fitRates(noisy);
    expect(residual).toBeGreaterThan(0.05);
    expect(residual).toBeLessThan(0.15);
    expect(inputTokensPerSecond).toBeGreaterThan(400);
  });

  test('refuses times that do not grow with the tokens', () => {
    const flat = exact.map((one) => ({ ...one, time: 50 }));
    expect(() => fitRates(flat)).toThrowError(expect.objectContaining({ code: 'CX-LM-CALIBRATION' }));
  });
});

describe('calibrate', () => {
  async function withEndpoint<T>(
    headers: (input: number, output: number) => Record<string, string>,
    status: number,
    body: (baseUrl: string, requests: Array<Record<string, unknown>>) => Promise<T>,
  ): Promise<T> {
    const requests: Array<Record<string, unknown>> = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const sent = JSON.parse(Buffer.concat(chunks).toString()) as {
          messages: [{ content: string }];
          max_tokens: number;
        };
        requests.push(sent);
        const usage = {
          prompt_tokens: sent.messages[0].content.split(' ').length,
          completion_tokens: sent.max_tokens,
        };
        response
          .writeHead(status, headers(usage.prompt_tokens, usage.completion_tokens))
          .end(JSON.stringify({ usage }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const model = { id: 'm', sha256: 'a'.repeat(64) };
  const { signal } = new AbortController();

  test('fits the CPU times the endpoint reports, over distinct prompts that reuse nothing', async () => {
    const cpu = (input: number, output: number) => ({ 'x-lm-cpu-ms': String(3 + input * 4 + output * 8) });
    await withEndpoint(cpu, 200, async (baseUrl, requests) => {
      const now = () => new Date('2026-01-02T03:04:05Z');
      const card = await calibrate({ baseUrl, model, signal, now });
      expect(card).toEqual({
        format: 1,
        model,
        clock: 'cpu',
        overheadMs: 3,
        inputTokensPerSecond: 250,
        outputTokensPerSecond: 125,
        samples: probes().length,
        residual: 0,
        createdAt: '2026-01-02T03:04:05.000Z',
      });
      expect(new Set(requests.map((request) => JSON.stringify(request['messages']))).size).toBe(
        requests.length,
      );
      expect(requests.every((request) => request['cache_prompt'] === false)).toBe(true);
    });
  });

  test('fails where the endpoint refuses or is away', async () => {
    await withEndpoint(
      () => ({}),
      500,
      async (baseUrl) => {
        await expect(calibrate({ baseUrl, model, signal })).rejects.toMatchObject({
          code: 'CX-LM-CALIBRATION',
        });
      },
    );
    const away = calibrate({ baseUrl: 'http://127.0.0.1:1/v1', model, signal });
    await expect(away).rejects.toMatchObject({ code: 'CX-LM-CALIBRATION' });
  });
});
