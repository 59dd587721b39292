/** How long and how often it is tried to tell of one violation. */
export interface DeliverySettings {
  readonly attempts: number;
  /** Of all attempts together, pauses included. */
  readonly withinSeconds: number;
}

/** Who is told of violated budgets beside the terminal, as `optimizer_budget.yaml` has it under `alerts`. */
export interface AlertSettings {
  readonly webhook: (DeliverySettings & WebhookTarget) | null;
  readonly openTelemetry: (DeliverySettings & OtlpTarget) | null;
}

interface WebhookTarget {
  /** One of the two: an address may hold a secret itself. */
  readonly url?: string | undefined;
  readonly urlVariable?: string | undefined;
  /** Environment variable with the key of the signature. */
  readonly secretVariable: string;
}

interface OtlpTarget {
  /** Base address of an OTLP/HTTP receiver, e.g. http://127.0.0.1:4318. */
  readonly endpoint: string;
  /** Environment variable with headers for it, as `name=value,name=value`. */
  readonly headersVariable?: string | undefined;
}
