import { SECRET_FORMS } from '../../core/secrets.ts';
import type { TestCheck } from '../check.ts';

const FORMS = new RegExp(SECRET_FORMS.join('|'));

/** What a test prints, and what its runs answer, ends in logs that many can read. */
export const check: TestCheck = {
  description:
    'Neither the console, nor standard output and error, nor the outputs of runs show a secret: a known form of key, or a value of the environment.',
  options: {
    patterns: {
      type: 'patterns',
      default: [],
      description: 'Further regular expressions of what must not be shown.',
    },
  },
  codes: { 'CX-SECRET-SHOWN': 'A secret was printed, or came out of a run.' },
  probes: ['console', 'output', 'secrets'],
  run({ seen, runs }, options) {
    const patterns = [FORMS, ...(options['patterns'] as string[]).map((source) => new RegExp(source, 'u'))];
    const texts: [string, string][] = [
      ...(seen.console ?? []).map(({ level, text }): [string, string] => [`console.${level}`, text]),
      ...(seen.output ?? []).map(({ stream, text }): [string, string] => [`process.${stream}`, text]),
      ...runs.map((run): [string, string] => [
        `run ${run.id}`,
        `${JSON.stringify(run.output)} ${run.detail}`,
      ]),
    ];
    return texts.flatMap(([where, text]) => {
      const variable = (seen.secrets ?? []).find(({ value }) => text.includes(value));
      if (variable === undefined && !patterns.some((pattern) => pattern.test(text))) return [];
      // The secret itself is not repeated.
      return [{ code: 'CX-SECRET-SHOWN', values: { where, variable: variable?.name ?? null } }];
    });
  },
};
