import { createInterface } from 'node:readline/promises';
import { ConstitutionError } from '../core/errors.ts';
import type { Ask } from './command.ts';

/**
 * Questions on one stream, answers from another, line by line.
 *
 * @returns a function that raises CX-RUN-CANCELLED where the input ends or the signal is aborted.
 */
export function questions(
  input: NodeJS.ReadableStream,
  output: { write(text: string): unknown },
  signal: AbortSignal,
): Ask {
  return async (question, { preset, check } = {}) => {
    const lines = createInterface({ input });
    try {
      for (;;) {
        output.write(`${question}${preset === undefined ? '' : ` [${preset}]`}: `);
        const answer = (await nextLine(lines, signal)).trim() || (preset ?? '');
        const wrong = answer === '' ? 'Please answer.' : (check?.(answer) ?? null);
        if (wrong === null) return answer;
        output.write(`  ${wrong}\n`);
      }
    } finally {
      lines.close();
    }
  };
}

function nextLine(lines: ReturnType<typeof createInterface>, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new ConstitutionError('CX-RUN-CANCELLED', 'nothing was written'));
    lines.once('line', resolve);
    lines.once('close', cancel);
    signal.addEventListener('abort', cancel, { once: true });
  });
}
