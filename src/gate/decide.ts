import type { State } from './verdict.ts';

export const decisions = ['proceed', 'do-not-proceed', 'proceed-with-waivers'] as const;
export type Decision = (typeof decisions)[number];

/** Everything unknown counts against proceeding, and so does a checklist without lines. */
export function decide(found: readonly State[]): Decision {
  if (found.length === 0) return 'do-not-proceed';
  if (found.every((state) => state === 'proven')) return 'proceed';
  return found.every((state) => state === 'proven' || state === 'waived') ? 'proceed-with-waivers' : 'do-not-proceed';
}

/** How a decision reads to people. */
export const decisionText: Readonly<Record<Decision, string>> = {
  proceed: 'PROCEED',
  'do-not-proceed': 'DO NOT PROCEED',
  'proceed-with-waivers': 'PROCEED WITH WAIVERS',
};

/** 0 proceed · 1 something is disproven · 3 nothing is disproven, but something could not be told. */
export function exitCodeOf(found: readonly State[]): 0 | 1 | 3 {
  if (decide(found) !== 'do-not-proceed') return 0;
  return found.includes('disproven') ? 1 : 3;
}
