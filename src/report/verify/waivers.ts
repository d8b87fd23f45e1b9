import { endOfWaiver } from '../../gate/waiver.ts';
import type { Report } from '../report.ts';
import { conclude, no, type VerifyCheck } from './check.ts';

/** Whether the waivers that a report proceeds on still count. That they did when it was made is part of its judgement. */
export function checkWaivers({ items }: Report, now: Date): readonly VerifyCheck[] {
  const waived = items.flatMap(({ id, waiver }) => (waiver === undefined ? [] : [{ id, ...waiver, endMs: endOfWaiver(waiver) }]));
  if (waived.length === 0) return [];
  const ended = waived.filter(({ endMs }) => endMs <= now.getTime());
  const next = Math.min(...waived.map(({ endMs }) => endMs));
  return conclude(
    'waivers',
    ended.map(({ id, by, endMs }) => no(`the waiver of "${id}" by ${by} ended at ${new Date(endMs).toISOString()}`)),
    `${waived.map(({ id, by }) => `"${id}" (${by})`).join(', ')} may be left unproven until ${new Date(next).toISOString()}`,
  );
}
