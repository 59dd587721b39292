/**
 * What is used of node-llama-cpp. It is fetched at run time into a folder of its own and is no dependency of
 * this package, so its types are not at hand when this is compiled.
 */
export type Token = number;

export interface LlamaSequence {
  readonly contextSize: number;
  readonly nextTokenIndex: number;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
  evaluate(
    tokens: readonly Token[],
    options: {
      temperature: number;
      topK: number;
      topP: number;
      seed: number;
      yieldEogToken: boolean;
      grammarEvaluationState?: unknown;
    },
  ): AsyncIterable<Token>;
}

export interface LlamaModel {
  readonly fileInfo: { readonly metadata: { readonly tokenizer: { readonly chat_template?: string } } };
  tokenize(text: string, specialTokens: boolean): Token[];
  detokenize(tokens: readonly Token[]): string;
  isEogToken(token: Token): boolean;
}

export type LlamaGrammar = { readonly grammar: string };

/** The runtime, with the constructor of grammar states beside it. */
export interface Llama {
  createGrammar(text: string): Promise<LlamaGrammar>;
  stateOf(model: LlamaModel, grammar: LlamaGrammar): unknown;
}
