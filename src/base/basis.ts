/** Something that a verdict or an outcome rests on, beside what was asked: it holds only as long as this stays as it is. */
export interface Basis {
  /** For people, so that "… changed since" is a sentence: `the rule HighErrorRate`. */
  readonly what: string;
  /** As it is now, as JSON. Never stored: only its digest is, without secrets. */
  readonly value: unknown;
}
