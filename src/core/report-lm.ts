/** The language model behind the runs. */
export interface ReportLm {
  readonly model: string;
  /** Of the weights; null for an endpoint that does not show them. */
  readonly sha256: string | null;
  /** Date of the oldest recording that was replayed; null when none was. */
  readonly recordedAt: string | null;
}
