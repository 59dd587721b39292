import type { ChatMessage } from './generation.ts';

const DEFAULT_SYSTEM = 'You are a helpful AI assistant named SmolLM, trained by Hugging Face';

/**
 * The text that SmolLM2-Instruct was trained to continue: ChatML, with the model's own system prompt where the
 * first message is not one, and an opened assistant turn at the end. It is what the template inside the weights
 * file gives; a test with the model compares the two token by token.
 */
export function renderChat(messages: readonly ChatMessage[]): string {
  const withSystem: readonly ChatMessage[] =
    messages[0]?.role === 'system' ? messages : [{ role: 'system', content: DEFAULT_SYSTEM }, ...messages];
  const turns = withSystem.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`);
  return `${turns.join('')}<|im_start|>assistant\n`;
}
