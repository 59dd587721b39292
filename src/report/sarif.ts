import { posix as path } from 'node:path';
import type { Finding } from '../core/finding.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RunRecord } from '../core/run-record.ts';
import { describeFinding } from './finding.ts';
import { whereOf } from './where.ts';

/**
 * Findings as SARIF 2.1.0 (OASIS), for code-scanning views. Waived findings are suppressed results.
 *
 * @param folder The root's folder in the repository; files are told relative to that.
 */
export function renderSarif({ constitution, templates }: RunRecord, version: string, folder = ''): string {
  const { findings, waived, articles } = constitution;
  const codes = [...new Set([...findings, ...waived].map(({ code }) => code))].sort();
  const rules = codes.map((code): JsonObject => {
    const example = [...findings, ...waived].find((finding) => finding.code === code) as Finding;
    const { hint } = describeFinding(example, templates);
    return { id: code, ...(hint === '' ? {} : { help: { text: hint } }) };
  });
  const result = (finding: Finding, suppressions: JsonObject[] = []): JsonObject => {
    const title = articles.find(({ id }) => id === finding.article)?.title ?? '';
    const { summary } = describeFinding(finding, templates);
    const file = finding.place?.file ?? finding.test?.file;
    const region = finding.place === null ? {} : { region: { startLine: finding.place.line } };
    return {
      ruleId: finding.code,
      ruleIndex: codes.indexOf(finding.code),
      level: finding.severity === 'block' ? 'error' : 'warning',
      message: { text: `article ${finding.article} "${title}": ${summary} (${whereOf(finding)})` },
      ...(file === undefined
        ? {}
        : {
            locations: [
              { physicalLocation: { artifactLocation: { uri: uriOf(path.join(folder, file)) }, ...region } },
            ],
          }),
      ...(suppressions.length === 0 ? {} : { suppressions }),
    };
  };
  const results = [
    ...findings.map((finding) => result(finding)),
    ...waived.map((finding) => result(finding, [{ kind: 'external', justification: finding.waiver.reason }])),
  ];
  return sarifDocument({ version, rules, results });
}

/** The relative URI of a file; `#` and `?` of its name would end a path. */
export function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

/** A document of one run of this package. `uri` of artifacts are to be relative. */
export function sarifDocument({
  version,
  rules,
  results,
}: {
  readonly version: string;
  readonly rules: JsonObject[];
  readonly results: JsonObject[];
}): string {
  const driver = { name: 'vitest-constitution', version, rules };
  const document: Json = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'unicodeCodePoints', results }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
