import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConstitutionError } from '../core/errors.ts';
import { LlamaEngine } from './llama-engine.ts';
import type { LlamaGrammar, LlamaModel, LlamaSequence } from './llama-types.ts';

interface NodeLlamaCpp {
  getLlama(options: object): Promise<{
    loadModel(options: { modelPath: string }): Promise<
      LlamaModel & {
        createContext(options: object): Promise<{ getSequence(): LlamaSequence }>;
      }
    >;
    createGrammar(options: { grammar: string }): Promise<LlamaGrammar>;
  }>;
  LlamaGrammarEvaluationState: new (options: { model: LlamaModel; grammar: LlamaGrammar }) => object;
}

export interface EngineOptions {
  /** Folder that holds the fetched `node_modules`. */
  readonly runtimeDir: string;
  readonly modelPath: string;
  readonly threads: number;
  /** Tokens of prompt and answer together. */
  readonly contextSize: number;
  /** Prompts whose beginnings are kept evaluated. */
  readonly slots: number;
}

/**
 * Loads runtime and weights into this process.
 *
 * @throws ConstitutionError `CX-LM-START` where either cannot be loaded.
 */
export async function loadEngine(options: EngineOptions): Promise<LlamaEngine> {
  try {
    const entry = join(options.runtimeDir, 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
    const runtime = (await import(pathToFileURL(entry).href)) as NodeLlamaCpp;
    const { threads, contextSize, slots } = options;
    const llama = await runtime.getLlama({
      gpu: false,
      build: 'never',
      maxThreads: threads,
      logLevel: 'error',
      skipDownload: true,
      progressLogs: false,
    });
    const model = await llama.loadModel({ modelPath: options.modelPath });
    // Flash attention makes the result depend on how a prompt was split; see planPrompt.
    const context = await model.createContext({
      contextSize,
      sequences: slots,
      threads,
      batchSize: 512,
      flashAttention: false,
    });
    const sequences = Array.from({ length: slots }, () => context.getSequence());
    return new LlamaEngine(
      {
        createGrammar: (text) => llama.createGrammar({ grammar: text }),
        stateOf: (owner, grammar) => new runtime.LlamaGrammarEvaluationState({ model: owner, grammar }),
      },
      model,
      sequences,
    );
  } catch (cause) {
    throw new ConstitutionError('CX-LM-START', 'The embedded model cannot be loaded.', {
      hint: 'Fetch it again with "vitest-constitution lm fetch --force".',
      cause,
    });
  }
}
