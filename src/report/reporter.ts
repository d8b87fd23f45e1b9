import type { Sha256 } from '../base/digest.ts';
import type { Report } from './report.ts';

/** The bytes of a report's evidence; undefined where they are missing or not what their name says. */
export type KeptBytes = (name: Sha256) => Uint8Array | undefined;

/** A way to write a report down. `render` is pure: the same report and evidence always give the same text, so that a verifier can compare. */
export interface Reporter {
  readonly kind: string;
  /** One line for `--help` and the reference. */
  readonly summary: string;
  /** Its name in a report's folder. */
  readonly file: string;
  /** Without the evidence its pictures are missing. */
  render(report: Report, evidence?: KeptBytes): string;
}
