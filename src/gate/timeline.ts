import { z } from 'zod';

/** The stations of a signal, from what set it in motion to the news that it is over. */
export const stages = ['signal', 'rule', 'alertmanager', 'provider', 'destination', 'acknowledgement', 'resolution'] as const;

const hop = z.strictObject({
  stage: z.enum(stages),
  /** What was seen there. */
  says: z.string(),
  at: z.iso.datetime(),
  /** Whose clock says so: ours, or that of whoever was asked, which may be off. */
  clock: z.enum(['ours', 'theirs']),
});
export type Hop = Readonly<z.infer<typeof hop>>;

/** The way of one signal that was made on purpose, hop by hop, in the order of time. */
export const timeline = z.strictObject({
  /** What was set in motion: `test alert HighLatency`. */
  says: z.string(),
  /** Absent for a real fault, whose alert carries none. */
  nonce: z.string().optional(),
  startedAt: z.iso.datetime(),
  hops: z.array(hop),
});
export type Timeline = Readonly<z.infer<typeof timeline>>;

/** A hop seen by our own clock, so long after the signal was set in motion. */
export function ownHop(stage: Hop['stage'], says: string, startedAt: string, afterMs: number): Hop {
  return { stage, says, at: new Date(Date.parse(startedAt) + Math.round(afterMs)).toISOString(), clock: 'ours' };
}

/** A hop as somebody else's clock has it. */
export function theirHop(stage: Hop['stage'], says: string, at: string): Hop {
  return { stage, says, at, clock: 'theirs' };
}

/** Sorts by time; at the same time by station. */
export function inOrder(hops: readonly Hop[]): Hop[] {
  return hops.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || stages.indexOf(a.stage) - stages.indexOf(b.stage));
}
