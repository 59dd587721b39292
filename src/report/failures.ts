import pc from 'picocolors';
import { clip, count } from './format.ts';

/** A test that did not pass, with what it failed with. */
export interface FailedTest {
  readonly test: { readonly name: string; readonly file: string };
  readonly state: string;
  readonly errors: readonly {
    readonly code: string | null;
    readonly message: string;
    readonly hint: string | null;
  }[];
}

/** Failures that are shown whole; the rest is counted. */
const SHOWN = 5;

/** The failing tests of a run, each with its first error; empty where none failed. */
export function renderFailures(tests: readonly FailedTest[], options: { readonly color: boolean }): string {
  const paint = pc.createColors(options.color);
  const failed = tests.filter((test) => test.state === 'failed');
  const lines = failed.slice(0, SHOWN).flatMap(({ test, errors }) => {
    const [first] = errors;
    if (first === undefined) return [`${paint.red('✗')} ${test.name}`];
    const code = first.code === null ? '' : `${paint.bold(first.code)} `;
    return [
      `${paint.red('✗')} ${test.name}`,
      ...`${code}${clip(first.message, 3000)}`.split('\n').map((line) => `    ${line}`),
      ...(first.hint === null ? [] : [`    ${paint.cyan('hint')} ${first.hint}`]),
    ];
  });
  if (failed.length > SHOWN) lines.push(`… and ${count(failed.length - SHOWN, 'more failing test')}.`);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
