import { ERROR_CODES } from '../core/error-codes.ts';
import type { JsonObject } from '../core/json.ts';
import { sarifDocument, uriOf } from './sarif.ts';
import type { ScannedRow } from './scan.ts';

/** What a scan found as SARIF 2.1.0. A use that reckons with an error is a note; a file that could not be read is an error. */
export function renderScanSarif(rows: readonly ScannedRow[], version: string): string {
  const found = rows.flatMap(({ file, findings, fault }) => [
    ...findings.map(({ code, line, column, change, advice, guarded }) => ({
      code,
      level: guarded ? 'note' : code === 'CX-MIGRATION-DEFAULT' ? 'warning' : 'error',
      text: advice === null ? change : `${change} ${advice}`,
      file,
      region: { startLine: line, startColumn: column },
    })),
    ...(fault === null
      ? []
      : [
          {
            code: fault.code,
            level: 'error',
            text: fault.message,
            file,
            region: { startLine: fault.line ?? 1 },
          },
        ]),
  ]);
  const codes = [...new Set(found.map(({ code }) => code))].sort();
  const rules = codes.map((id): JsonObject => ({ id, shortDescription: { text: ERROR_CODES[id] } }));
  const results = found.map(
    ({ code, level, text, file, region }): JsonObject => ({
      ruleId: code,
      ruleIndex: codes.indexOf(code),
      level,
      message: { text },
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }],
    }),
  );
  return sarifDocument({ version, rules, results }).trimEnd();
}
