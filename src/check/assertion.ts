/** Something that must hold of what was seen: `total < 500ms`, `status is 200`, `header content-type contains json`. */
export interface Assertion {
  /** As it was written. */
  readonly text: string;
  /** The reading that it names: `total`, `header content-type`. */
  readonly subject: string;
  readonly comparison: Comparison;
  /** In the reading's own unit; a pattern with its slashes and flags; absent for `exists` and `does not exist`. */
  readonly wanted?: string | number | boolean | null | undefined;
  readonly unit?: Unit | undefined;
}

export type Comparison =
  'is' | 'is not' | '<' | '<=' | '>' | '>=' | 'contains' | 'does not contain' | 'matches' | 'does not match' | 'exists' | 'does not exist';

export type Unit = 'ms' | 'bytes' | 'ratio';
