import type { Json, JsonObject } from '../core/json.ts';
import { SECRET_FORMS } from '../core/secrets.ts';
import { parseEvent } from './usage.ts';

const REDACTED = '[redacted]';
/** Shorter values would blot out ordinary words. */
const MIN_SECRET_LENGTH = 8;

/** Replaces secrets by `[redacted]` in whatever is about to be hashed, shown or written. */
export class Redactor {
  readonly #pattern: RegExp;

  /** @param secrets values known to be secret; those under 8 characters are ignored. */
  constructor(secrets: readonly string[]) {
    const known = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
      .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
      // the longest first: one secret may begin with another
      .sort((a, b) => b.length - a.length)
      .map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    this.#pattern = new RegExp([...known, ...SECRET_FORMS].join('|'), 'g');
  }

  text(value: string): string {
    return value.replace(this.#pattern, REDACTED);
  }

  /** Redacts every string of a value, keys included. */
  json<T extends Json>(value: T): T {
    return this.#walk(value) as T;
  }

  /**
   * Redacts the payloads of an event stream, also where a secret is spread over several of them: the redacted
   * text is then put into the first of the pieces, and the others are emptied.
   */
  events(payloads: readonly string[]): string[] {
    const events = payloads.map((payload) => {
      const event = parseEvent(payload);
      return event === null ? this.text(payload) : this.json(event);
    });
    for (const pieces of piecesByPath(events).values()) {
      const whole = pieces.map(({ owner, name }) => owner[name]).join('');
      const redacted = this.text(whole);
      if (redacted === whole) continue;
      for (const [index, { owner, name }] of pieces.entries()) owner[name] = index === 0 ? redacted : '';
    }
    return events.map((event, index) => {
      if (typeof event === 'string') return event;
      const original = payloads[index] as string;
      const text = JSON.stringify(event);
      // an untouched event keeps its spelling (white space, 1.0 against 1)
      return text === JSON.stringify(parseEvent(original)) ? original : text;
    });
  }

  #walk(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#walk(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.text(name), this.#walk(item)]),
    );
  }
}

interface Piece {
  readonly owner: JsonObject;
  readonly name: string;
}

/** The string members of all events by their path, where a path names a choice by its `index`. */
function piecesByPath(events: readonly (string | JsonObject)[]): Map<string, Piece[]> {
  const pieces = new Map<string, Piece[]>();
  const visit = (value: Json, path: string): void => {
    if (value === null || typeof value !== 'object') return;
    if (Array.isArray(value)) {
      for (const [position, item] of value.entries()) {
        const named =
          item !== null && typeof item === 'object' && !Array.isArray(item) ? item['index'] : undefined;
        visit(item, `${path}[${typeof named === 'number' ? named : position}]`);
      }
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      const memberPath = `${path}.${name}`;
      if (typeof item !== 'string') visit(item, memberPath);
      else {
        const found = pieces.get(memberPath);
        if (found) found.push({ owner: value, name });
        else pieces.set(memberPath, [{ owner: value, name }]);
      }
    }
  };
  for (const event of events) if (typeof event !== 'string') visit(event, '');
  return pieces;
}
