import type { AlertSettings, DeliverySettings } from '../core/alert-settings.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { AlertDelivery, BudgetAlert } from '../core/spending/violation.ts';
import { type AlertRequest, deliver } from './deliver.ts';
import { openTelemetry } from './opentelemetry.ts';
import { webhook } from './webhook.ts';

type Environment = Readonly<Record<string, string | undefined>>;
/** Tells everybody of one violation; never rejects. */
export type SendAlert = (alert: BudgetAlert) => Promise<AlertDelivery[]>;

/**
 * Who is told of violations, with addresses and secrets from the environment: what is missing there is found before
 * anything is spent, and not in the night of the first violation.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE for a variable that is not set or holds no address or headers
 */
export function alertsTo(settings: AlertSettings, environment: Environment, version: string): SendAlert {
  const targets: { make: (alert: BudgetAlert) => AlertRequest; limits: DeliverySettings }[] = [];
  if (settings.webhook !== null) {
    const { url, urlVariable, secretVariable } = settings.webhook;
    const target = {
      url: new URL(url ?? addressOf(urlVariable ?? '', environment)),
      secret: setValue(secretVariable, environment, 'the key that signs alerts'),
    };
    targets.push({ make: (alert) => webhook(alert, target), limits: settings.webhook });
  }
  if (settings.openTelemetry !== null) {
    const { endpoint, headersVariable } = settings.openTelemetry;
    const headers = headersVariable === undefined ? {} : headersOf(headersVariable, environment);
    const target = { endpoint: new URL(endpoint), headers, version };
    targets.push({ make: (alert) => openTelemetry(alert, target), limits: settings.openTelemetry });
  }
  return (alert) => Promise.all(targets.map(({ make, limits }) => deliver(make(alert), limits)));
}

function setValue(variable: string, environment: Environment, what: string): string {
  const value = environment[variable];
  if (value) return value;
  throw missing(`the environment variable ${variable} is not set`, `It is to hold ${what}.`);
}

function addressOf(variable: string, environment: Environment): string {
  const value = setValue(variable, environment, 'the address of the webhook');
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return value;
  throw missing(`the environment variable ${variable} holds no http(s) address`, 'Give the whole address.');
}

/** As `OTEL_EXPORTER_OTLP_HEADERS` has them: `name=value,name=value`, values percent-encoded. */
function headersOf(variable: string, environment: Environment): Record<string, string> {
  const text = setValue(variable, environment, 'headers as name=value,name=value');
  try {
    const pairs = text.split(',').map((part): [string, string] => {
      const [, name = '', value = ''] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/.exec(part) ?? [];
      return [name, decodeURIComponent(value.trim())];
    });
    return Object.fromEntries(new Headers(pairs));
  } catch {
    throw missing(`the environment variable ${variable} holds no headers`, 'Expected name=value,name=value.');
  }
}

function missing(message: string, hint: string): ConstitutionError {
  return new ConstitutionError('CX-CONFIG-REFERENCE', message, {
    place: { file: 'optimizer_budget.yaml' },
    hint,
  });
}
