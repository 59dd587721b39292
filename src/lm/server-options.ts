import type { EngineOptions } from './llama-runtime.ts';
import type { ModelIdentity } from './openai-response.ts';
import type { PlainError } from './worker-messages.ts';

/** What the server process is told when it is started. JSON-safe. */
export interface ServerOptions {
  readonly engine: EngineOptions;
  readonly model: ModelIdentity;
  readonly processes: number;
  readonly queueLimit: number;
  /** 0 takes a free one. */
  readonly port: number;
}

/** What the server process reports once. */
export type ServerReport =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly error: PlainError };
