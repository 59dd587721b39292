import { diffLines } from 'diff';
import type pc from 'picocolors';
import type { Json } from '../core/json.ts';

/** The lines of two outputs, led by `-` (only in the first), `+` (only in the second) or a blank. */
export function diffOutputs(was: Json, is: Json): string {
  return diffLines(`${outputText(was).trimEnd()}\n`, `${outputText(is).trimEnd()}\n`)
    .flatMap((part) => {
      const sign = part.added ? '+' : part.removed ? '-' : ' ';
      return part.value
        .trimEnd()
        .split('\n')
        .map((line) => `${sign} ${line}`);
    })
    .join('\n');
}

/** A line of {@link diffOutputs} in the colour of its sign. */
export function paintDiff(line: string, paint: ReturnType<typeof pc.createColors>): string {
  if (line.startsWith('+')) return paint.green(line);
  return line.startsWith('-') ? paint.red(line) : paint.dim(line);
}

/** The fields of an output, texts with their line breaks. */
function outputText(output: Json): string {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return valueText(output);
  return Object.entries(output)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join('\n');
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
