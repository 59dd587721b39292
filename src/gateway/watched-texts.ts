import type { Json, JsonObject } from '../core/json.ts';

/** Counts the LM requests of a run in which given texts stand. */
export class WatchedTexts {
  readonly #texts: ReadonlyMap<string, readonly string[]>;
  readonly #found = new Map<string, number>();

  /** @param texts By a name, texts that must all stand in a request for it to count. */
  constructor(texts: Readonly<Record<string, readonly string[]>>) {
    this.#texts = new Map(Object.entries(texts).map(([name, list]) => [name, list.map(folded)]));
  }

  look(request: JsonObject): void {
    if (this.#texts.size === 0) return;
    const whole = folded(textsOf(request).join('\n'));
    for (const [name, texts] of this.#texts) {
      if (texts.every((text) => whole.includes(text)))
        this.#found.set(name, (this.#found.get(name) ?? 0) + 1);
    }
  }

  /** Requests that held the texts, by name. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#texts.keys()].map((name) => [name, this.#found.get(name) ?? 0]));
  }
}

/** Prompts are laid out anew: white space does not count. */
function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(textsOf);
}
