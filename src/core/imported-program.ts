/** What became of one program of a benchmark. JSON-safe. */
export interface ImportedProgram {
  readonly program: string;
  /** `exists`: its folder was there already, and was left as it is. */
  readonly status: 'imported' | 'left-out' | 'exists';
  /** `<role>/<id>`, and its folder; null unless it was imported. */
  readonly bug: string | null;
  readonly folder: string | null;
  readonly kind: string | null;
  /** Hidden tests, and how many of them fail on the bug. */
  readonly hidden: number;
  readonly failing: number;
  /** Why it was not imported. */
  readonly why: string | null;
}
