import type { JsonObject } from '../core/json.ts';

/** A restriction on what may be generated, held by a grammar while sampling. */
export type Constraint =
  | { readonly kind: 'json-object' }
  | { readonly kind: 'json-schema'; readonly schema: JsonObject }
  | { readonly kind: 'gbnf'; readonly grammar: string };

/** A message of a chat as the model's template knows it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** One request to the model, with every default filled in. JSON-safe: it travels to a worker process. */
export interface Generation {
  /** A chat, which the template turns into text, or text that is continued as it is. */
  readonly prompt: { readonly messages: readonly ChatMessage[] } | { readonly text: string };
  /** 0 is greedy. */
  readonly temperature: number;
  /** Nucleus, 0..1. */
  readonly topP: number;
  /** Candidates kept before the nucleus; 0 keeps all. */
  readonly topK: number;
  /** One 32-bit seed per sample; their number is the number of samples. */
  readonly seeds: readonly number[];
  /** Most tokens of a sample. */
  readonly maxTokens: number;
  /** Texts that end a sample; they are not part of it. */
  readonly stop: readonly string[];
  readonly constraint: Constraint | null;
  /** False evaluates the whole prompt even where an earlier request left its beginning evaluated. */
  readonly reusePrefix: boolean;
}

export type FinishReason = 'stop' | 'length';

/** One finished sample. */
export interface Sample {
  readonly text: string;
  readonly finishReason: FinishReason;
}

/** What a generation gave and what it cost. */
export interface GenerationResult {
  readonly samples: readonly Sample[];
  /** Tokens of the prompt, counted once however many samples share it. */
  readonly inputTokens: number;
  /** Tokens generated over all samples, end-of-text tokens included. */
  readonly outputTokens: number;
  /** Tokens of the prompt that an earlier request had already evaluated. */
  readonly reusedTokens: number;
  /** CPU time of the process that served it, in milliseconds. */
  readonly cpuMs: number;
}

/** Told of new text of a sample (0-based), in order. */
export type OnText = (sample: number, text: string) => void;

/** Something that generates: the worker pool, or the model inside a worker. */
export interface Generator {
  /**
   * Generates all samples.
   *
   * @throws ConstitutionError `CX-LM-REQUEST` where the request cannot be served (too long a prompt, a grammar
   *   that does not parse), `CX-LM-BUSY` where the queue is full, `CX-LM-START` where the process serving it
   *   ended; the signal's reason where it is aborted.
   */
  generate(generation: Generation, signal: AbortSignal, onText: OnText): Promise<GenerationResult>;
}
