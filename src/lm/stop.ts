/** What of the text so far may be shown, and whether the sample has ended. */
export interface StopState {
  /** Text that is certainly part of the sample. */
  readonly text: string;
  readonly ended: boolean;
}

/**
 * Applies stop sequences to the whole text of a sample so far. While it has not ended, a tail that may be the
 * beginning of a stop sequence, or half of a multi-byte character, is held back.
 */
export function applyStops(text: string, stops: readonly string[]): StopState {
  let cut = -1;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at !== -1 && (cut === -1 || at < cut)) cut = at;
  }
  if (cut !== -1) return { text: text.slice(0, cut), ended: true };
  const held = Math.max(0, ...stops.map((stop) => partialMatch(text, stop)));
  return { text: withoutPartialCharacter(text.slice(0, text.length - held)), ended: false };
}

/** Length of the longest end of `text` that is a proper beginning of `stop`. */
function partialMatch(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}

/** Tokens may end inside a UTF-8 character; decoding shows that as U+FFFD until the rest arrives. */
function withoutPartialCharacter(text: string): string {
  return text.replace(/\uFFFD+$/u, '');
}

/**
 * The end of the first complete JSON value in `text`, which starts with one; null while it is incomplete. A
 * bare number never counts as complete: the next token may continue it.
 */
export function completeJsonLength(text: string): number | null {
  const trimmed = text.trimEnd();
  if (!/["}\]el]$/.test(trimmed)) return null;
  try {
    JSON.parse(trimmed);
    return trimmed.length;
  } catch {
    return null;
  }
}
