import { formatDuration } from '../../base/duration.ts';
import { oldestMs, type Report } from '../report.ts';
import { conclude, no, type Trouble, type VerifyCheck } from './check.ts';

/** How far two machines' clocks may be apart before a report seems to come from the future. */
export const clockSkewMs = 60_000;

/** Whether the report is still fresh: as old as the oldest of its evidence. `maxAgeMs` beats the report's own policy. */
export function checkAge(report: Report, now: Date, maxAgeMs: number = report.policy.maxAgeMs): readonly VerifyCheck[] {
  const oldest = oldestMs(report);
  const ageMs = now.getTime() - oldest;
  const says = `${new Date(oldest).toISOString()}, ${approximately(ageMs)} ago`;
  const allowed = `${formatDuration(maxAgeMs)} are allowed`;
  const troubles: Trouble[] = [];
  if (ageMs > maxAgeMs) troubles.push(no(`the report has expired: its oldest evidence is from ${says}, and ${allowed}`));
  if (Date.parse(report.finishedAt) > now.getTime() + clockSkewMs)
    troubles.push(no(`the report is from the future: it ended at ${report.finishedAt}, and it is ${now.toISOString()}`));
  if (Date.parse(report.startedAt) > Date.parse(report.finishedAt)) troubles.push(no('the report ended before it began'));
  if (Date.parse(report.expiresAt) !== oldest + report.policy.maxAgeMs)
    troubles.push(no(`report.json gives a wrong time of expiry: ${report.expiresAt}`));
  return conclude('age', troubles, `its oldest evidence is from ${says}; ${allowed}`);
}

/** Two units are enough for people: `3d4h`, `2m10s`. */
export function approximately(ms: number): string {
  const whole = formatDuration(Math.max(0, Math.floor(ms / 1000) * 1000));
  return (whole.match(/\d+[a-z]+/g) ?? ['0s']).slice(0, 2).join('');
}
