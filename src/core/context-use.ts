import type { Json, JsonObject } from './json.ts';
import type { RunMeter } from './lm-exchange.ts';
import type { ContextUse } from './pipeline-run.ts';

/** Shorter texts stand in any prompt by chance. */
const LEAST_LENGTH = 2;

/** The texts of each input, to be looked for in LM requests and in the output; an input without a text is left out. */
export function textsByInput(inputs: JsonObject): Record<string, string[]> {
  const entries = Object.entries(inputs).map(([name, value]): [string, string[]] => [name, textsOf(value)]);
  return Object.fromEntries(entries.filter(([, texts]) => texts.length > 0));
}

/** What became of each input of a run. */
export function contextOf(
  inputs: JsonObject,
  output: Json,
  { requests, watched }: Pick<RunMeter, 'requests' | 'watched'>,
): Record<string, ContextUse> {
  const answer = folded(textsOf(output).join('\n'));
  const entries = Object.entries(textsByInput(inputs)).map(([name, texts]): [string, ContextUse] => [
    name,
    {
      requests,
      found: watched[name] ?? 0,
      inOutput: texts.every((text) => answer.includes(folded(text))),
    },
  ]);
  return Object.fromEntries(entries);
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return value.trim().length >= LEAST_LENGTH ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(textsOf);
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
