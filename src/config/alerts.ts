import { z } from 'zod';

const variable = z.string().regex(/^[A-Za-z_]\w*$/, { error: 'not the name of an environment variable' });
const address = z
  .url({ protocol: /^https?$/, error: 'not an http(s) address' })
  .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), {
    error: 'an address with a password in it',
    params: { hint: 'Keep secrets in environment variables; this file is committed.' },
  });
const delivery = {
  attempts: z.int().min(1).max(10).default(4).describe('How often it is tried.'),
  withinSeconds: z
    .number()
    .gt(0)
    .max(60)
    .default(10)
    .describe('Of all attempts together: an alert never holds up a run for longer.'),
};

const webhook = z
  .strictObject({
    url: address.optional().describe('Where alerts are posted to.'),
    urlVariable: variable
      .optional()
      .describe('Environment variable with that address, where it is a secret itself.'),
    secretVariable: variable.describe('Environment variable with the key of the HMAC-SHA256 signature.'),
    ...delivery,
  })
  .refine(({ url, urlVariable }) => (url === undefined) !== (urlVariable === undefined), {
    error: 'a webhook has one address',
    params: { hint: 'Give either url or urlVariable.' },
  });

const openTelemetry = z.strictObject({
  endpoint: address.describe(
    'Base address of an OTLP/HTTP receiver; events go to <endpoint>/v1/logs as JSON.',
  ),
  headersVariable: variable
    .optional()
    .describe('Environment variable with headers for it, as name=value,name=value.'),
  ...delivery,
});

/** `alerts` of `optimizer_budget.yaml`. */
export const alertsSchema = z
  .strictObject({ webhook: webhook.optional(), openTelemetry: openTelemetry.optional() })
  .default({})
  .describe('Who is told of violations beside the terminal, where onViolation has `alert`.');
