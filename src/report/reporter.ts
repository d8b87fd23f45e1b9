import type { Report } from './report.ts';

/** A way to write a report down. `render` is pure: the same report always gives the same text, so that a verifier can compare. */
export interface Reporter {
  readonly kind: string;
  /** One line for `--help` and the reference. */
  readonly summary: string;
  /** Its name in a report's folder. */
  readonly file: string;
  render(report: Report): string;
}
