import type { TestCheck } from '../check.ts';

/** Noise in the output of tests hides what matters. */
export const check: TestCheck = {
  description: 'A test prints nothing through the console at the given levels.',
  options: {
    levels: {
      type: 'strings',
      values: ['debug', 'log', 'info', 'warn', 'error'],
      default: ['debug', 'log', 'info', 'warn', 'error'],
      description: 'Levels that must stay silent.',
    },
    allow: {
      type: 'patterns',
      default: [],
      description: 'Regular expressions of texts that may be printed.',
    },
  },
  codes: { 'CX-CONSOLE': 'A test printed through the console.' },
  probes: ['console'],
  run({ seen }, options) {
    const levels = options['levels'] as string[];
    const allowed = (options['allow'] as string[]).map((source) => new RegExp(source, 'u'));
    const lines = (seen.console ?? []).filter(
      ({ level, text }) => levels.includes(level) && !allowed.some((pattern) => pattern.test(text)),
    );
    const [first] = lines;
    if (first === undefined) return [];
    const text = first.text.slice(0, 200);
    return [{ code: 'CX-CONSOLE', values: { level: first.level, text, count: lines.length } }];
  },
};
