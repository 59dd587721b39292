import type { Json } from './json.ts';

/** Sentences of a project's own finding; `{name}` stands for the value of that name. JSON-safe. */
export interface FindingTemplate {
  readonly summary: string;
  readonly hint: string;
}

/** Puts the values into a template; a name without a value stays as it is. */
export function fillTemplate(text: string, values: Readonly<Record<string, Json>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}
