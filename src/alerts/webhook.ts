import { createHmac } from 'node:crypto';
import type { BudgetAlert } from '../core/spending/violation.ts';
import type { AlertRequest } from './deliver.ts';

/**
 * The signature of a body: `t=<Unix time in seconds>,v1=<hexadecimal HMAC-SHA256 over "<t>.<body>">`. The time is signed as
 * well, so that a receiver can refuse a body that somebody sends again later.
 */
export function signature(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** A webhook: the alert as JSON, signed, with an id by which a receiver knows what it has had already. */
export function webhook(alert: BudgetAlert, { url, secret }: { url: URL; secret: string }): AlertRequest {
  const body = JSON.stringify(alert);
  return {
    channel: 'webhook',
    url,
    request: () => ({
      headers: {
        'x-constitution-delivery': alert.id,
        'x-constitution-signature': signature(body, secret, Math.floor(Date.now() / 1000)),
      },
      body,
    }),
  };
}
