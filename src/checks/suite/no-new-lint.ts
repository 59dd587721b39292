import path from 'node:path';
import type { SuiteCheck } from '../check.ts';
import { KNOWN_LINT_FILE, newLint, readKnownLint } from '../lint/known.ts';
import { LinterFailed, runLinter } from '../lint/run-linter.ts';

/** Old violations are known and may stay; one more than that is a finding, whoever moved the lines. */
export const check: SuiteCheck = {
  description:
    'A linter that prints SARIF finds nothing beyond what is known already. It takes its time, so it is run where the whole suite is.',
  options: {
    command: {
      type: 'strings',
      description: 'Program and arguments of the linter, e.g. [ruff, check, --output-format, sarif, src].',
    },
    known: {
      type: 'string',
      default: KNOWN_LINT_FILE,
      description: 'File of the known violations, relative to the root; written by `lint --update`.',
    },
    seconds: { type: 'number', default: 120, min: 1, description: 'Time that the linter may take.' },
  },
  codes: {
    'CX-LINT-NEW': 'A file breaks a rule of a linter more often than is known.',
    'CX-LINT-FAILED': 'A linter, or the file of what is known, gives nothing to compare.',
  },
  async run({ root, thorough }, options) {
    if (!thorough) return [];
    const command = (options['command'] as string[] | undefined) ?? [];
    try {
      const known = await readKnownLint(path.join(root, String(options['known'])));
      const report = await runLinter(root, command, Number(options['seconds']));
      return newLint(report, known).map(({ file, rule, count, known: before, line }) => ({
        code: 'CX-LINT-NEW',
        values: { tool: report.tool, file, rule, count, known: before },
        ...(line === null ? {} : { place: { file, line } }),
      }));
    } catch (error) {
      if (!(error instanceof LinterFailed || error instanceof TypeError)) throw error;
      return [{ code: 'CX-LINT-FAILED', values: { command: command.join(' '), reason: error.message } }];
    }
  },
};
