/**
 * How far a thing can be proven: a ladder for each kind of thing, lowest rung first.
 * The first rung holds by standing in the gate file; every other one needs evidence.
 */
export const ladders = {
  target: ['declared', 'configured', 'up', 'on-time'],
  metric: ['declared', 'exported', 'scraped', 'responsive'],
  alert: ['declared', 'loaded', 'would-fire', 'routed', 'fired', 'delivered', 'acknowledged'],
  channel: ['configured', 'accepted', 'delivered', 'acknowledged'],
  dashboard: ['declared', 'present', 'answering', 'seen'],
  check: ['declared', 'passed', 'steady', 'shown-to-fail'],
  retention: ['declared', 'configured', 'sufficient'],
  redundancy: ['configured', 'clustered', 'survived'],
  watchdog: ['declared', 'configured', 'arriving', 'noticed'],
  access: ['declared', 'found', 'opened', 'guarded'],
} as const satisfies Record<string, readonly string[]>;

export type Grade = (typeof ladders)[keyof typeof ladders][number];
export type Ladder = readonly Grade[];

/** Where `grade` stands on `ladder`; -1 when it is not a rung of it. */
export function rungOf(ladder: Ladder, grade: string): number {
  return ladder.findIndex((rung) => rung === grade);
}

/** Whether a gate that asks for `grade` asks for `rung` too. */
export function includesRung(ladder: Ladder, grade: Grade, rung: Grade): boolean {
  return rungOf(ladder, grade) >= rungOf(ladder, rung);
}
