import type { AccubooksStack, StackSabotage } from '../sandbox/accubooks-stack.ts';

/** One thing that is wrong with the stack, and how the gate has to take it. */
export interface Row {
  readonly says: string;
  /** What is put in force before the gate runs, and taken back afterwards. */
  readonly sabotage?: StackSabotage;
  /** Anything else that is done to the running stack; what mending does not take back is handed to `stack.whenMended`. */
  readonly act?: (stack: AccubooksStack) => Promise<unknown>;
  /** What the gate is told wrongly. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Run instead of the family's items. */
  readonly items?: readonly string[];
  /** The items that turn red, and no other that is run: what does not rest on them stays proven. */
  readonly red: Readonly<Record<string, 'disproven' | 'inconclusive'>>;
  /** What the reasons must say for a person to find the cause. */
  readonly because: RegExp;
}

/** Sabotages of one part of the stack, and the items that could notice. */
export interface Family {
  readonly name: string;
  /** What is run on every row, together with what these items rest on; every one of them is proven while nothing is wrong. */
  readonly items: readonly string[];
  /** What the gate is told on every row, such as shorter times. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether the stack has a second Prometheus and a second Alertmanager. */
  readonly redundant?: boolean;
  readonly rows: readonly Row[];
}
