/** What is wrong with an assertion, and where in its text; `end` is exclusive. */
export interface Mistake {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint?: string | undefined;
}
