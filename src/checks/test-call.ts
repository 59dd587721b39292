import type { NamedCall } from '../core/locate-in-source.ts';

/** What is called, without the table of `each` or a condition: `test.skip.each`. */
export function callee(code: string, { start }: NamedCall): string {
  return /^[\w$.]*/.exec(code.slice(start, start + 200))?.[0] ?? '';
}

/** Whether the options of a test or suite set one of them to `true`: what is computed is not. */
export function isSetByOption(code: string, { bracket, end }: NamedCall, option: string): boolean {
  const [head = ''] = code.slice(bracket, end).split(/=>|\bfunction\b/, 1);
  return new RegExp(`\\{[^{}]*\\b${option}\\s*:\\s*true\\b`).test(head);
}
