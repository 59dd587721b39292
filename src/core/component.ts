/** A part of a system around its pipelines, which has to work in both versions. */
export interface Component {
  readonly name: string;
  /** Class of its probe, as `package.module:Name`. */
  readonly entry: string;
  /** 1: that it regressed fails the verdict; 2 and 3: it is told. */
  readonly tier: number;
  /** Its probe has to see native assertions at work. */
  readonly assertions: boolean;
}
