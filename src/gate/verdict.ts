import { z } from 'zod';
import { finding, type Finding } from './finding.ts';
import { rungOf, type Grade, type Ladder } from './grade.ts';
import type { ObservationRecord } from './observation.ts';
import type { Proof } from './proof.ts';
import { timeline } from './timeline.ts';

export const states = ['proven', 'disproven', 'inconclusive', 'blocked', 'waived'] as const;
export type State = (typeof states)[number];

const subjectVerdict = z.strictObject({
  subject: z.string(),
  state: z.enum(states),
  grade: z.string(),
  /** The requirements that this subject alone covers. */
  ref: z.array(z.string()).optional(),
});
export type SubjectVerdict = Readonly<z.infer<typeof subjectVerdict>>;

/** What an observation means for its item. */
export const verdict = z.strictObject({
  state: z.enum(states),
  /** The highest rung that every subject has reached. */
  grade: z.string(),
  subjects: z.array(subjectVerdict),
  /** Every finding, those that speak against the item first. */
  reasons: z.array(finding),
  /** The way of every signal that was made, where any was. */
  timelines: z.array(timeline).optional(),
});
export type Verdict = Readonly<z.infer<typeof verdict>>;

/** What of an item a judgement depends on. */
export interface Judged {
  readonly id: string;
  readonly grade: Grade;
  readonly requirement: Readonly<Record<string, unknown>>;
}

/** Judges one recorded observation: the same record and item always give the same verdict. */
export function judgeRecord(proof: Proof, item: Judged, record: ObservationRecord): Verdict {
  if (record.item !== item.id || record.proof !== proof.kind) {
    return cannotTell(proof.ladder, item.id, `the observation belongs to ${record.proof} item "${record.item}"`);
  }
  if (record.failure !== undefined) return cannotTell(proof.ladder, item.id, record.failure.says, record.failure.hint);
  const facts = proof.facts.safeParse(record.facts);
  if (!facts.success)
    return cannotTell(proof.ladder, item.id, `the recorded facts are not those of a ${proof.kind} proof: ${z.prettifyError(facts.error)}`);
  return judgeFacts(proof, item, facts.data);
}

/** Judges facts that have the shape of the proof kind's. */
export function judgeFacts(proof: Proof, item: Judged, facts: unknown): Verdict {
  const judged = verdictOf(proof.ladder, item.grade, proof.judge(item.requirement, facts), item.id);
  const refs = new Map(proof.refs?.(item.requirement));
  const subjects = judged.subjects.map((each) => {
    const ref = refs.get(each.subject);
    return ref === undefined ? each : { ...each, ref: [...ref] };
  });
  const timelines = proof.timelines?.(item.requirement, facts) ?? [];
  return { ...judged, subjects, ...(timelines.length === 0 ? {} : { timelines: [...timelines] }) };
}

/** The state alone, which a drill asks for thousands of times. */
export function weighFacts(proof: Proof, { grade, requirement, id }: Judged, facts: unknown): State {
  return stateOf(proof.ladder, grade, proof.judge(requirement, facts), id);
}

/** The state of `verdictOf`: the first refutation of what is asked for decides. */
export function stateOf(ladder: Ladder, required: Grade, findings: readonly Finding[], item: string): State {
  const asked = ladder.slice(1, rungOf(ladder, required) + 1);
  const refuted = findings.some((each) => each.holds === 'no' && asked.some((rung) => rung === each.grade));
  return refuted ? 'disproven' : verdictOf(ladder, required, findings, item).state;
}

/**
 * Walks each subject up the ladder. What was never looked at is unknown, and unknown is never proven;
 * a judge that finds nothing at all therefore proves nothing.
 */
export function verdictOf(ladder: Ladder, required: Grade, findings: readonly Finding[], item: string): Verdict {
  // An unknown grade would leave no rung to climb, and no rung is no proof.
  if (rungOf(ladder, required) < 1)
    return cannotTell(ladder, item, `"${required}" is not a grade above "${ladder[0] ?? ''}" on the ladder ${ladder.join(' < ')}`);
  const bySubject = findings.length === 0 ? [[item, []] as const] : Map.groupBy(findings, ({ subject }) => subject);
  const climbs = [...bySubject].map(([subject, own]) => climb(ladder, required, subject, own));
  const subjects = climbs.map(({ subject, state, grade }) => ({ subject, state, grade }));
  const lowest = Math.min(...subjects.map(({ grade }) => rungOf(ladder, grade)));
  return {
    state: worstOf(subjects.map(({ state }) => state)),
    grade: ladder[lowest] ?? required,
    subjects,
    reasons: [...findings, ...climbs.flatMap(({ gaps }) => gaps)].toSorted(byWeight),
  };
}

interface Climb extends SubjectVerdict {
  /** Findings for the rungs that nobody looked at. */
  readonly gaps: readonly Finding[];
}

function climb(ladder: Ladder, required: Grade, subject: string, findings: readonly Finding[]): Climb {
  const rungs = ladder.slice(1, rungOf(ladder, required) + 1);
  const byRung = Map.groupBy(findings, ({ grade }) => grade);
  const on = (rung: Grade): readonly Finding[] => byRung.get(rung) ?? [];
  const stands = (rung: Grade): boolean => on(rung).length > 0 && on(rung).every(({ holds }) => holds === 'yes');
  const refuted = rungs.some((rung) => on(rung).some(({ holds }) => holds === 'no'));
  const reached = ladder.slice(1).findIndex((rung) => !stands(rung));
  const grade = ladder[reached === -1 ? ladder.length - 1 : reached] ?? required;
  // Below a refuted rung the missing ones are no news; otherwise they are the reason why nothing is proven.
  const gaps = refuted ? [] : rungs.filter((rung) => on(rung).length === 0).map((rung) => gap(subject, rung));
  const state: State = refuted ? 'disproven' : rungs.every(stands) ? 'proven' : 'inconclusive';
  return { subject, state, grade, gaps };
}

function gap(subject: string, grade: Grade): Finding {
  return { subject, grade, holds: 'unknown', says: `whether ${subject} is ${grade} was not looked at` };
}

const weight = { no: 0, unknown: 1, yes: 2 } as const;

function byWeight(a: Finding, b: Finding): number {
  return weight[a.holds] - weight[b.holds];
}

function worstOf(found: readonly State[]): State {
  return (['disproven', 'inconclusive'] as const).find((state) => found.includes(state)) ?? 'proven';
}

function cannotTell(ladder: Ladder, item: string, says: string, hint?: string): Verdict {
  const grade = ladder[0] ?? 'declared';
  const next = ladder[1] ?? grade;
  const reason: Finding = { subject: item, grade: next, holds: 'unknown', says, ...(hint === undefined ? {} : { hint }) };
  return { state: 'inconclusive', grade, subjects: [{ subject: item, state: 'inconclusive', grade }], reasons: [reason] };
}

/** The verdict on an item that was not tried because something it rests on is not proven. */
export function blockedBy(ladder: Ladder, item: string, unproven: readonly string[]): Verdict {
  const grade = ladder[0] ?? 'declared';
  const says = `not tried: it rests on ${unproven.map((id) => `"${id}"`).join(', ')}, which ${unproven.length === 1 ? 'is' : 'are'} not proven`;
  return {
    state: 'blocked',
    grade,
    subjects: [{ subject: item, state: 'blocked', grade }],
    reasons: [{ subject: item, grade: ladder[1] ?? grade, holds: 'unknown', says }],
  };
}
