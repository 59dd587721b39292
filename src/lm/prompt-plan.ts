/** Half-open range of prompt tokens. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

export interface PromptPlan {
  /** Tokens at the beginning that stay as an earlier request left them. */
  readonly reuse: number;
  /** What to evaluate, in order, up to but without the last token. */
  readonly chunks: readonly Chunk[];
}

/** Most tokens evaluated at once: also how soon a cancelled request lets go. */
const CHUNK = 256;

/**
 * Plans the evaluation of a prompt so that the result is the same to the last bit whatever was reused. With
 * flash attention off, the kernels give equal sums for batches of any size but one (a single column goes through
 * another routine), so no chunk ever holds a single token, and only tokens evaluated in chunks are reused.
 */
export function planPrompt(tokens: readonly number[], evaluated: readonly number[]): PromptPlan {
  const end = tokens.length - 1;
  let reuse = Math.min(end, commonPrefix(tokens, evaluated));
  if (end - reuse === 1) reuse = Math.max(0, reuse - 1);
  // A prompt of two tokens has a single one to evaluate; it must always be evaluated alone.
  if (end === 1) reuse = 0;
  const chunks: Chunk[] = [];
  for (let start = reuse; start < end; ) {
    const left = end - start;
    const size = left === CHUNK + 1 ? CHUNK - 1 : Math.min(CHUNK, left);
    chunks.push({ start, end: start + size });
    start += size;
  }
  return { reuse, chunks };
}

/** Number of equal elements at the beginning of both lists. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a[index] === b[index]) index++;
  return index;
}
