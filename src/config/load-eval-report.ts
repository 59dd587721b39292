import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';
import type { EvalReport } from '../core/eval-report.ts';
import { evalReportSchema } from './eval-report.ts';
import { loadYaml } from './load-yaml.ts';

/** Where a gate writes its report, relative to the root. */
export const REPORT_FILE = 'eval/eval_report.json';

/** Where a gate of some bugs only writes its report: it decides nothing, and leaves that of all bugs as it is. */
export const PARTIAL_REPORT_FILE = '.constitution/partial-report.json';

/**
 * The report of the last gate.
 *
 * @throws ConstitutionError CX-CONFIG-MISSING where there is none, CX-CONFIG-SYNTAX or CX-CONFIG-INVALID with its place.
 */
export async function loadEvalReport(root: string): Promise<EvalReport> {
  const file = path.join(root, REPORT_FILE);
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'there is no report of a gate', {
      place: { file: REPORT_FILE },
      hint: 'Make it with `npm run gate`.',
      cause,
    });
  });
  // Some megabytes: the parser that knows places is slow, and only needed where something is wrong.
  return parsed(text) ?? (await loadYaml(file, evalReportSchema, { root }));
}

function parsed(text: string): EvalReport | undefined {
  try {
    return evalReportSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
