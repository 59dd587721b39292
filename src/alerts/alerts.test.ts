import { createHmac, timingSafeEqual } from 'node:crypto';
import http, { type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlertSettings } from '../core/alert-settings.ts';
import type { BudgetAlert } from '../core/spending/violation.ts';
import { alertsTo } from './alerts.ts';

const SECRET = 'a-key-that-nobody-may-read';
const ENVIRONMENT = { HOOK_SECRET: SECRET, OTLP_HEADERS: 'api-key=abc%20d, x-team = eval' };
const ALERT: BudgetAlert = {
  format: 1,
  id: '7d0f3a5e-0000-4000-8000-000000000001',
  role: 'coder',
  kind: 'violation',
  cap: 'cost',
  spent: 4.5,
  asked: 1,
  limit: 5,
  estimated: 0,
  at: '2026-11-26T20:00:00.123Z',
  stoppedAfterMs: 40,
  stopped: true,
  currency: 'EUR',
  articles: ['VI'],
  findings: [{ article: 'VI', code: 'CX-BUDGET-CALLS', summary: 'run a made 9 LM calls, allowed are 6' }],
};

let seen: { path: string; headers: IncomingHttpHeaders; body: string }[];
let answer: (response: ServerResponse, attempt: number) => void;
let server: http.Server;
let origin: string;
beforeEach(async () => {
  seen = [];
  answer = (response) => response.writeHead(204).end();
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      answer(response, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const LIMITS = { attempts: 3, withinSeconds: 10 };
const toWebhook = (changes: object = {}): AlertSettings => ({
  webhook: { url: `${origin}/hook/t0ken`, secretVariable: 'HOOK_SECRET', ...LIMITS, ...changes },
  openTelemetry: null,
});
const send = (settings: AlertSettings) => alertsTo(settings, ENVIRONMENT, '1.2.3')(ALERT);

/** As docs/budgets.md tells receivers to. */
function verified(body: string, header: string, secret: string, now: number): boolean {
  const [, time = '', mac = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest();
  return Math.abs(now / 1000 - Number(time)) < 300 && timingSafeEqual(expected, Buffer.from(mac, 'hex'));
}

describe('a webhook', () => {
  test('gets the alert, signed with the time, and nothing of the secret is told', async () => {
    const deliveries = await send(toWebhook());
    expect(deliveries).toEqual([
      {
        channel: 'webhook',
        to: origin,
        delivered: true,
        attempts: 1,
        ms: expect.any(Number),
        error: null,
      },
    ]);
    const [{ path, headers, body }] = seen as [(typeof seen)[0]];
    expect(path).toBe('/hook/t0ken');
    expect(JSON.parse(body)).toEqual(ALERT);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-constitution-delivery': ALERT.id,
    });
    const signed = String(headers['x-constitution-signature']);
    expect(verified(body, signed, SECRET, Date.now())).toBe(true);
    expect(verified(`${body} `, signed, SECRET, Date.now())).toBe(false);
    expect(verified(body, signed, 'another', Date.now())).toBe(false);
    expect(verified(body, signed, SECRET, Date.now() + 3_600_000)).toBe(false);
    expect(JSON.stringify([headers, body, deliveries])).not.toContain(SECRET);
    expect(JSON.stringify(deliveries)).not.toContain('t0ken');
  });

  test('is tried again while it is away, with the same id', async () => {
    answer = (response, attempt) => response.writeHead(attempt < 3 ? 503 : 200).end();
    expect(await send(toWebhook())).toMatchObject([{ delivered: true, attempts: 3, error: null }]);
    expect(new Set(seen.map(({ headers }) => headers['x-constitution-delivery'])).size).toBe(1);
  });

  test('is not tried more often than it is allowed', async () => {
    answer = (response) => response.writeHead(500).end();
    expect(await send(toWebhook())).toMatchObject([{ delivered: false, attempts: 3, error: 'status 500' }]);
    expect(seen).toHaveLength(3);
  });

  test.each([
    ['says that the request is wrong', 400],
    ['does not let us in', 401],
  ])('that %s is not asked again', async (_name, status) => {
    answer = (response) => response.writeHead(status).end();
    expect(await send(toWebhook())).toMatchObject([{ attempts: 1, error: `status ${status}` }]);
  });

  test('that leads elsewhere is not followed: what is signed is for one receiver', async () => {
    answer = (response) => response.writeHead(307, { location: `${origin}/elsewhere` }).end();
    expect(await send(toWebhook())).toMatchObject([{ delivered: false, error: 'status 307' }]);
    expect(seen.map(({ path }) => path)).toEqual(['/hook/t0ken']);
  });

  test('that asks for more time than there is gets no second attempt', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '3600' }).end();
    expect(await send(toWebhook())).toMatchObject([{ attempts: 1, error: 'status 429' }]);
  });

  test('that never answers holds nobody up for longer than its bound', async () => {
    answer = () => undefined;
    expect(await send(toWebhook({ withinSeconds: 0.4 }))).toMatchObject([
      { delivered: false, attempts: 1, error: 'no answer in time' },
    ]);
  });

  test('where nothing listens is told by its origin', async () => {
    const url = 'http://127.0.0.1:9/hook/t0ken';
    const [delivery] = await send(toWebhook({ url, attempts: 2 }));
    expect(delivery).toMatchObject({ to: 'http://127.0.0.1:9', delivered: false, attempts: 2 });
    expect(delivery?.error).toMatch(/^cannot be reached/);
  });
});

test('an OpenTelemetry receiver gets an event in the JSON form of OTLP', async () => {
  const openTelemetry = { endpoint: `${origin}/otlp`, headersVariable: 'OTLP_HEADERS', ...LIMITS };
  const settings: AlertSettings = { webhook: null, openTelemetry };
  expect(await send(settings)).toMatchObject([{ channel: 'opentelemetry', to: origin, delivered: true }]);
  const [{ path, headers, body }] = seen as [(typeof seen)[0]];
  expect(path).toBe('/otlp/v1/logs');
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'api-key': 'abc d', 'x-team': 'eval' });
  const { resourceLogs } = JSON.parse(body);
  expect(resourceLogs[0].resource.attributes).toContainEqual({
    key: 'service.name',
    value: { stringValue: 'vitest-constitution' },
  });
  expect(resourceLogs[0].scopeLogs[0].scope).toEqual({ name: 'vitest-constitution', version: '1.2.3' });
  const [record] = resourceLogs[0].scopeLogs[0].logRecords;
  expect(record).toMatchObject({
    timeUnixNano: '1795723200123000000',
    observedTimeUnixNano: expect.stringMatching(/^\d{19}$/),
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: 'constitution.budget.violation',
    body: { stringValue: 'budget of coder: 4.5 of 5 cost' },
  });
  expect(record.attributes).toEqual(
    expect.arrayContaining([
      { key: 'constitution.budget.spent', value: { doubleValue: 4.5 } },
      { key: 'constitution.budget.limit', value: { intValue: '5' } },
      { key: 'constitution.budget.stopped', value: { boolValue: true } },
      {
        key: 'constitution.findings',
        value: { arrayValue: { values: [{ stringValue: 'VI CX-BUDGET-CALLS' }] } },
      },
    ]),
  );
});

test('a cap that is only watched is a warning', async () => {
  const to = alertsTo(
    { webhook: null, openTelemetry: { endpoint: origin, ...LIMITS } },
    ENVIRONMENT,
    '1.2.3',
  );
  await to({ ...ALERT, stopped: false, stoppedAfterMs: null });
  const [record] = JSON.parse(seen[0]?.body ?? '').resourceLogs[0].scopeLogs[0].logRecords;
  expect([seen[0]?.path, record.severityText]).toEqual(['/v1/logs', 'WARN']);
});

describe('refused before anything is spent', () => {
  test.each([
    [
      'a secret that is not set',
      toMissing({ url: 'http://127.0.0.1:9', secretVariable: 'NOT_SET' }),
      'NOT_SET is not set',
    ],
    ['an address that is not set', toMissing({ urlVariable: 'NOT_SET' }), 'NOT_SET is not set'],
    ['an address that is none', toMissing({ urlVariable: 'HOOK_SECRET' }), 'holds no http(s) address'],
    [
      'headers that are none',
      {
        webhook: null,
        openTelemetry: { endpoint: 'http://127.0.0.1:9', headersVariable: 'HOOK_SECRET', ...LIMITS },
      },
      'HOOK_SECRET holds no headers',
    ],
  ])('%s', (_name, settings, message) => {
    expect(() => alertsTo(settings as AlertSettings, ENVIRONMENT, '1')).toThrowError(
      expect.objectContaining({ code: 'CX-CONFIG-REFERENCE', message: expect.stringContaining(message) }),
    );
  });

  function toMissing(changes: object) {
    return { webhook: { secretVariable: 'HOOK_SECRET', ...LIMITS, ...changes }, openTelemetry: null };
  }
});
