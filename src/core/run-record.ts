import type { ConstitutionReport, OverheadReport } from './eval-report.ts';
import type { TestIdentity } from './finding.ts';
import type { FindingTemplate } from './finding-template.ts';

/** A test as machine-readable reports list it. */
export interface RecordedTest extends TestIdentity {
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
  readonly durationMs: number;
  /** Ids of the articles that governed it. */
  readonly articles: readonly string[];
  /** First line of its first error; null where it has none. */
  readonly message: string | null;
}

/** A test file with an error outside of its tests: one that cannot be loaded, or a hook of the file that failed. */
export interface FileError {
  readonly file: string;
  readonly project: string;
  readonly message: string;
}

/** One run of a governed suite: every report is a pure function of it. JSON-safe. */
export interface RunRecord {
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly constitution: ConstitutionReport;
  readonly tests: readonly RecordedTest[];
  readonly fileErrors: readonly FileError[];
  readonly overhead: OverheadReport;
  /** What the project's own checks say, by code. */
  readonly templates: Readonly<Record<string, FindingTemplate>>;
  /** What is not governed, one line each. */
  readonly notes: readonly string[];
}
