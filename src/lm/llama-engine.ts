import { ConstitutionError } from '../core/errors.ts';
import { renderChat } from './chat-template.ts';
import type {
  Constraint,
  FinishReason,
  Generation,
  GenerationResult,
  Generator,
  OnText,
  Sample,
} from './generation.ts';
import { JSON_OBJECT_GRAMMAR } from './json-grammar.ts';
import { jsonSchemaGrammar } from './json-schema-grammar.ts';
import type { Llama, LlamaGrammar, LlamaModel, LlamaSequence, Token } from './llama-types.ts';
import { commonPrefix, planPrompt } from './prompt-plan.ts';
import { applyStops, completeJsonLength } from './stop.ts';

/** A sequence of the context and the prompt tokens that are evaluated in it for reuse. */
interface Slot {
  readonly sequence: LlamaSequence;
  reusable: readonly Token[];
  usedAt: number;
}

/** The model in this process. One request at a time: a second one waits in the pool, not here. */
export class LlamaEngine implements Generator {
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #slots: readonly Slot[];
  readonly #grammars = new Map<string, LlamaGrammar>();
  #uses = 0;

  constructor(llama: Llama, model: LlamaModel, sequences: readonly LlamaSequence[]) {
    this.#llama = llama;
    this.#model = model;
    this.#slots = sequences.map((sequence) => ({ sequence, reusable: [], usedAt: 0 }));
  }

  async generate(generation: Generation, signal: AbortSignal, onText: OnText): Promise<GenerationResult> {
    const cpuBefore = process.cpuUsage();
    const grammar = await this.#grammarOf(generation.constraint);
    const { prompt } = generation;
    const tokens = this.#model.tokenize('text' in prompt ? prompt.text : renderChat(prompt.messages), true);
    const { slot, reusedTokens } = await this.#evaluatePrompt(tokens, generation.reusePrefix, signal);

    const samples: Sample[] = [];
    let outputTokens = 0;
    for (const [index, seed] of generation.seeds.entries()) {
      const sampled = await this.#sample(slot, tokens, { generation, grammar, seed, signal }, (text) =>
        onText(index, text),
      );
      samples.push(sampled.sample);
      outputTokens += sampled.tokens;
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    return { samples, inputTokens: tokens.length, outputTokens, reusedTokens, cpuMs: (user + system) / 1000 };
  }

  /** Evaluates all tokens but the last, which starts each sample. */
  async #evaluatePrompt(
    tokens: readonly Token[],
    reuse: boolean,
    signal: AbortSignal,
  ): Promise<{ slot: Slot; reusedTokens: number }> {
    const slot = this.#slotFor(tokens);
    const room = slot.sequence.contextSize - 1;
    if (tokens.length > room) {
      throw new ConstitutionError('CX-LM-REQUEST', `The prompt has ${tokens.length} tokens; ${room} fit.`, {
        details: { param: 'messages', reason: 'context_length_exceeded' },
      });
    }
    const plan = planPrompt(tokens, reuse ? slot.reusable : []);
    slot.usedAt = ++this.#uses;
    slot.reusable = slot.reusable.slice(0, plan.reuse);
    await truncate(slot.sequence, plan.reuse);
    for (const chunk of plan.chunks) {
      signal.throwIfAborted();
      await slot.sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(chunk.start, chunk.end));
      slot.reusable = tokens.slice(0, chunk.end);
    }
    return { slot, reusedTokens: plan.reuse };
  }

  async #sample(
    slot: Slot,
    prompt: readonly Token[],
    request: { generation: Generation; grammar: LlamaGrammar | null; seed: number; signal: AbortSignal },
    onText: (text: string) => void,
  ): Promise<{ sample: Sample; tokens: number }> {
    const { generation, grammar, seed, signal } = request;
    const { sequence } = slot;
    await truncate(sequence, prompt.length - 1);
    const limit = Math.min(generation.maxTokens, sequence.contextSize - prompt.length);
    const stream = sequence.evaluate([prompt.at(-1) as Token], {
      temperature: generation.temperature,
      topK: generation.topK,
      topP: generation.topP,
      seed,
      yieldEogToken: true,
      ...(grammar === null ? {} : { grammarEvaluationState: this.#llama.stateOf(this.#model, grammar) }),
    });
    const isJson = generation.constraint !== null && generation.constraint.kind !== 'gbnf';
    const generated: Token[] = [];
    let count = 0;
    let text = '';
    let finishReason: FinishReason = 'length';
    for await (const token of stream) {
      signal.throwIfAborted();
      count++;
      if (this.#model.isEogToken(token)) {
        finishReason = 'stop';
        text = this.#model.detokenize(generated);
        break;
      }
      generated.push(token);
      const whole = this.#model.detokenize(generated);
      const jsonEnd = isJson ? completeJsonLength(whole) : null;
      const state = applyStops(jsonEnd === null ? whole : whole.slice(0, jsonEnd), generation.stop);
      if (state.text.length > text.length) {
        onText(state.text.slice(text.length));
        text = state.text;
      }
      if (state.ended || jsonEnd !== null) {
        finishReason = 'stop';
        break;
      }
      if (count >= limit) {
        text = whole;
        break;
      }
    }
    return { sample: { text, finishReason }, tokens: count };
  }

  /** The slot with the longest evaluated beginning of this prompt, else the one unused for longest. */
  #slotFor(tokens: readonly Token[]): Slot {
    const ranked = this.#slots
      .map((slot) => ({ slot, shared: commonPrefix(tokens, slot.reusable) }))
      .sort((a, b) => b.shared - a.shared || a.slot.usedAt - b.slot.usedAt);
    return (ranked[0] as (typeof ranked)[number]).slot;
  }

  async #grammarOf(constraint: Constraint | null): Promise<LlamaGrammar | null> {
    if (constraint === null) return null;
    const text = grammarText(constraint);
    const known = this.#grammars.get(text);
    if (known !== undefined) return known;
    try {
      const grammar = await this.#llama.createGrammar(text);
      if (this.#grammars.size >= 256) this.#grammars.clear();
      this.#grammars.set(text, grammar);
      return grammar;
    } catch (cause) {
      throw new ConstitutionError('CX-LM-REQUEST', 'The grammar cannot be parsed.', {
        hint: 'Grammars are written in GBNF and start at the rule "root".',
        details: { param: constraint.kind === 'gbnf' ? 'grammar' : 'response_format' },
        cause,
      });
    }
  }
}

function grammarText(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'json-object':
      return JSON_OBJECT_GRAMMAR;
    case 'json-schema':
      return jsonSchemaGrammar(constraint.schema);
    case 'gbnf':
      return constraint.grammar;
  }
}

async function truncate(sequence: LlamaSequence, length: number): Promise<void> {
  const end = sequence.nextTokenIndex;
  if (end > length) await sequence.eraseContextTokenRanges([{ start: length, end }]);
}
