import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { packageVersion } from '../config/package-root.ts';
import type { RunRecord } from '../core/run-record.ts';
import { writeAtomically } from '../io/write-atomically.ts';
import { renderGitHubAnnotations, renderGitHubSummary } from '../report/github.ts';
import { renderJsonLines } from '../report/json-lines.ts';
import { renderJUnit } from '../report/junit.ts';
import { renderSarif } from '../report/sarif.ts';
import { LISTED_FINDINGS } from '../report/terminal.ts';

/**
 * Reports beside the table in the terminal; files are relative to the root. The environment can ask for them as well:
 * `CONSTITUTION_JUNIT`, `CONSTITUTION_SARIF`, `CONSTITUTION_JSON_LINES`.
 */
export interface ReportFiles {
  /** JUnit XML with the articles and findings of each test as its properties. */
  readonly junit?: string;
  /** SARIF 2.1.0, for code-scanning views. */
  readonly sarif?: string;
  /** One JSON document a line: run, articles, findings, waived findings. */
  readonly jsonLines?: string;
  /** Job summary and annotations of GitHub Actions. Default: where `GITHUB_ACTIONS` is set. */
  readonly github?: boolean;
}

/** Where all findings are written when the terminal shows only one of each kind, relative to the root. */
const FINDINGS_FILE = '.constitution/findings.jsonl';

/** The files that are asked for, relative to the root; the environment stands in for an option that is not given. */
export function askedFiles(
  files: ReportFiles,
  environment: NodeJS.ProcessEnv,
): Record<'junit' | 'sarif' | 'jsonLines', string | undefined> {
  const asked = (file: string | undefined, variable: string) => file ?? (environment[variable] || undefined);
  return {
    junit: asked(files.junit, 'CONSTITUTION_JUNIT'),
    sarif: asked(files.sarif, 'CONSTITUTION_SARIF'),
    jsonLines: asked(files.jsonLines, 'CONSTITUTION_JSON_LINES'),
  };
}

/**
 * Writes what is asked for.
 *
 * @param environment Tells of GitHub Actions, and where it takes its summary.
 * @param annotate Takes workflow commands; GitHub reads them from either stream. Null: nothing but files is asked for.
 * @returns the file that holds all findings, where they are more than the terminal shows
 */
export async function writeReports(
  root: string,
  record: RunRecord,
  files: ReportFiles,
  environment: NodeJS.ProcessEnv,
  annotate: ((text: string) => void) | null,
): Promise<string | undefined> {
  const write = (file: string, text: string) => writeAtomically(path.resolve(root, file), text);
  const lines = () => renderJsonLines(record);
  const many = record.constitution.findings.length > LISTED_FINDINGS;
  const { junit, sarif, jsonLines } = askedFiles(files, environment);
  const findingsFile = jsonLines ?? (many && annotate !== null ? FINDINGS_FILE : undefined);
  const folder = folderInRepository(root, environment);
  if (findingsFile !== undefined) await write(findingsFile, lines());
  if (junit !== undefined) await write(junit, renderJUnit(record));
  if (sarif !== undefined) await write(sarif, renderSarif(record, packageVersion(), folder));
  if (annotate !== null && (files.github ?? environment['GITHUB_ACTIONS'] === 'true')) {
    const summary = environment['GITHUB_STEP_SUMMARY'];
    if (summary) await appendFile(summary, renderGitHubSummary(record));
    const annotations = renderGitHubAnnotations(record, folder);
    if (annotations !== '') annotate(annotations);
  }
  return many ? findingsFile : undefined;
}

/** Where the root lies in what GitHub Actions checked out; empty where that is no concern. */
function folderInRepository(root: string, environment: NodeJS.ProcessEnv): string {
  const workspace = environment['GITHUB_WORKSPACE'];
  if (!workspace) return '';
  const folder = path.relative(workspace, root);
  return folder.startsWith('..') || path.isAbsolute(folder) ? '' : folder.split(path.sep).join('/');
}
