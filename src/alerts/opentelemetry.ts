import type { BudgetAlert } from '../core/spending/violation.ts';
import type { AlertRequest } from './deliver.ts';

/** Severity numbers of the OpenTelemetry log data model. */
const ERROR = { severityNumber: 17, severityText: 'ERROR' };
const WARN = { severityNumber: 13, severityText: 'WARN' };
export const EVENT_NAME = 'constitution.budget.violation';

/**
 * An OpenTelemetry event (a log record with an event name) over OTLP/HTTP in JSON, which every collector takes at
 * `<endpoint>/v1/logs`. Written by hand: the official SDK would be ten packages for this one request.
 */
export function openTelemetry(
  alert: BudgetAlert,
  {
    endpoint,
    headers,
    version,
  }: { endpoint: URL; headers: Readonly<Record<string, string>>; version: string },
): AlertRequest {
  const body = JSON.stringify({
    resourceLogs: [
      {
        resource: {
          attributes: attributes({ 'service.name': 'vitest-constitution', 'service.version': version }),
        },
        scopeLogs: [{ scope: { name: 'vitest-constitution', version }, logRecords: [logRecord(alert)] }],
      },
    ],
  });
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/logs`;
  return { channel: 'opentelemetry', url, request: () => ({ headers, body }) };
}

function logRecord(alert: BudgetAlert) {
  const nanoseconds = (date: string | number) => `${new Date(date).getTime()}000000`;
  const { cap, spent, limit, asked, estimated, stoppedAfterMs } = alert;
  return {
    timeUnixNano: nanoseconds(alert.at),
    observedTimeUnixNano: nanoseconds(Date.now()),
    ...(alert.stopped ? ERROR : WARN),
    eventName: EVENT_NAME,
    body: { stringValue: `budget of ${alert.role}: ${spent} of ${limit} ${cap}` },
    attributes: attributes({
      'constitution.violation.id': alert.id,
      'constitution.role': alert.role,
      'constitution.budget.cap': cap,
      'constitution.budget.spent': spent,
      'constitution.budget.limit': limit,
      'constitution.budget.asked': asked,
      'constitution.budget.estimated': estimated,
      'constitution.budget.stopped': alert.stopped,
      ...(stoppedAfterMs === null ? {} : { 'constitution.budget.stopped_after_ms': stoppedAfterMs }),
      'constitution.articles': alert.articles,
      'constitution.findings': alert.findings.map(({ article, code }) => `${article} ${code}`),
    }),
  };
}

type Attribute = string | number | boolean | readonly string[];

function attributes(values: Readonly<Record<string, Attribute>>) {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** `AnyValue` in the JSON form of protobuf, where 64-bit integers are texts. */
function anyValue(value: Attribute): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { arrayValue: { values: value.map(anyValue) } };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
