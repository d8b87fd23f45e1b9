import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { RetentionFacts } from './facts.ts';
import { formatBytes } from './limits.ts';
import type { RetentionRequirement } from './requirement.ts';
import { existing, margin, perSecond, rateOf, roughly } from './sufficient.ts';

/** The upper figure of its documentation, until there is a measured one. */
const documentedBytesPerSample = 1;

const dayMs = 86_400_000;
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs, y: 365 * dayMs };

/** Judges a VictoriaMetrics: one limit of time, and a disk that it shows. */
export function judgeVictoriaMetrics(
  requirement: RetentionRequirement,
  facts: RetentionFacts,
  disk: NonNullable<RetentionFacts['victoriaMetrics']>,
): readonly Finding[] {
  const configured = judgePeriod(requirement, facts);
  return configured.holds === 'yes' ? [configured, judgeDisk(requirement, facts, disk)] : [configured];
}

function judgePeriod({ atLeast }: RetentionRequirement, { retention, flags }: RetentionFacts): Finding {
  const about = findingsOn('retention', 'configured');
  const required = formatDuration(atLeast);
  if (retention === '') {
    return about.unknown(
      'VictoriaMetrics does not show its flag -retentionPeriod on its /metrics page',
      'in a cluster it is a flag of vmstorage, which a gate does not question',
    );
  }
  const periodMs = parseRetentionPeriod(retention);
  if (periodMs === undefined)
    return about.unknown(
      `VictoriaMetrics shows -retentionPeriod=${retention}, which we cannot read`,
      'please report this text to liveproof',
    );
  const months = /^[\d.]+$/.test(retention) ? ` (${retention} ${retention === '1' ? 'month' : 'months'} of 31 days)` : '';
  const says = `VictoriaMetrics keeps samples for ${formatDuration(periodMs)}, as -retentionPeriod=${retention} says${months}; ${required} required`;
  if (periodMs < atLeast) return about.no(says, `start VictoriaMetrics with -retentionPeriod=${inUnits(atLeast)}`);
  const selective = ['retentionFilter', 'downsampling.period'].filter((name) => (flags[name] ?? '') !== '');
  if (selective.length === 0) return about.yes(says);
  const named = selective.map((name) => `-${name}=${flags[name] ?? ''}`).join(' and ');
  return about.unknown(`${says}; but ${named} keeps some samples for less, and of which series cannot be told from here`);
}

/** `1` and `1.5M` are months of 31 days; others are durations, in either case and with fractions. Undefined for anything else. */
export function parseRetentionPeriod(text: string): number | undefined {
  const [, months] = /^(\d+(?:\.\d+)?)M?$/.exec(text) ?? [];
  if (months !== undefined) return Number(months) * 31 * dayMs;
  const parts = [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/gy)];
  const isRead = parts.length > 0 && parts.reduce((length, [part]) => length + part.length, 0) === text.length;
  return isRead ? Math.round(parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0)) : undefined;
}

/** As the flag takes it: hours and days, rounded up. */
function inUnits(ms: number): string {
  return ms % dayMs === 0 ? `${String(ms / dayMs)}d` : `${String(Math.ceil(ms / 3_600_000))}h`;
}

function judgeDisk(
  requirement: RetentionRequirement,
  facts: RetentionFacts,
  { dataBytes = 0, samples = 0, freeBytes, readOnlyBelowBytes = 0 }: NonNullable<RetentionFacts['victoriaMetrics']>,
): Finding {
  const about = findingsOn('retention', 'sufficient');
  const required = formatDuration(requirement.atLeast);
  const rate = rateOf(facts);
  if (rate === undefined || freeBytes === undefined) {
    const lacking = rate === undefined ? 'how fast samples come in could not be measured' : 'VictoriaMetrics does not show its free disk';
    return about.unknown(`${lacking}, so whether the disk holds ${required} is unknown`, 'run the gate again while samples come in');
  }
  const measured = samples > 0 && dataBytes > 0 ? dataBytes / samples : undefined;
  const perSample = requirement.bytesPerSample ?? measured ?? documentedBytesPerSample;
  const source =
    requirement.bytesPerSample !== undefined ? 'as the gate says' : measured !== undefined ? 'measured on its data' : 'as documented';
  const bytesPerSecond = rate * perSample * margin;
  const needed = (requirement.atLeast / 1_000) * bytesPerSecond;
  // What is stored already is part of what is needed.
  const room = Math.max(0, freeBytes + dataBytes - readOnlyBelowBytes);
  const sum = `${required} × ${perSecond(rate)} × ${perSample.toFixed(2)} bytes (${source}) × ${String(margin)} for the index and merging = ${formatBytes(Math.round(needed))}`;
  const there = `${formatBytes(Math.round(room))} of disk are there for it`;
  if (needed <= room) return about.yes(`no size limit cuts the ${required} short, and ${there}: ${sum}; ${existing(requirement, facts)}`);
  return about.no(
    `${there}, which last for about ${roughly((room / bytesPerSecond) * 1_000)}: ${sum}; on a full disk VictoriaMetrics takes no more samples`,
    'give it a larger disk, or ingest less',
  );
}
