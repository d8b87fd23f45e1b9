import { formatDuration, parseDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { RetentionFacts } from './facts.ts';
import { parseRetention, type Limits } from './limits.ts';
import type { RetentionRequirement } from './requirement.ts';
import { judgeDisk, judgeSufficient } from './sufficient.ts';
import { judgeVictoriaMetrics } from './victoria-metrics.ts';

/** Judges the limits as they are configured, and whether they hold the required time at today's rate. */
export function judgeRetention(requirement: RetentionRequirement, facts: RetentionFacts): readonly Finding[] {
  if (facts.victoriaMetrics !== undefined) return judgeVictoriaMetrics(requirement, facts, facts.victoriaMetrics);
  const limits = limitsInForce(facts);
  return [
    judgeConfigured(requirement, facts, limits),
    ...judgeSufficient(requirement, facts, limits),
    ...judgeDisk(requirement, facts, limits),
  ];
}

/** What Prometheus prints, corrected by its metrics: they follow a reload of the configuration, on versions where it can change the limits. */
function limitsInForce({ retention, ownMetrics }: RetentionFacts): Limits {
  const printed = parseRetention(retention);
  const timeMs = smaller(printed.timeMs, ownMetrics?.limitSeconds, 1_000);
  const bytes = smaller(printed.bytes, ownMetrics?.limitBytes, 1);
  return { ...printed, ...(timeMs === undefined ? {} : { timeMs }), ...(bytes === undefined ? {} : { bytes }) };
}

function smaller(printed: number | undefined, told: number | undefined, factor: number): number | undefined {
  // In the metrics 0 stands for no limit.
  const limit = told === undefined || told === 0 ? undefined : told * factor;
  if (printed === undefined || limit === undefined) return printed ?? limit;
  return Math.min(printed, limit);
}

function judgeConfigured({ atLeast }: RetentionRequirement, facts: RetentionFacts, { timeMs, unreadable }: Limits): Finding {
  const about = findingsOn('retention', 'configured');
  const required = formatDuration(atLeast);
  const printed = `it prints "${facts.retention}"`;
  if (facts.retention === '') {
    const says = 'Prometheus names no retention; in agent mode, for one, it keeps nothing itself';
    return about.unknown(says, 'point the gate at the server that stores the samples');
  }
  if (unreadable.length > 0) {
    return about.unknown(
      `Prometheus ${facts.version} prints its retention as "${facts.retention}", which we cannot read`,
      'please report this text to liveproof',
    );
  }
  if (timeMs === undefined)
    return about.yes(`no time limit is set, only one of size (${printed}), so samples are not deleted for their age; ${required} required`);
  const kept = `Prometheus keeps samples for ${formatDuration(timeMs)}`;
  const why =
    timeMs === parseRetention(facts.retention).timeMs ? reasonFor(facts) : ', as its metric prometheus_tsdb_retention_limit_seconds says';
  if (timeMs >= atLeast) return about.yes(`${kept}${why} (${printed}); ${required} required`);
  return about.no(
    `${kept}${why} (${printed}); ${required} required`,
    `start Prometheus with --storage.tsdb.retention.time=${required}, or with storage.tsdb.retention.time in its configuration where that version takes it`,
  );
}

/** Where the limit comes from, as far as the flags tell. */
function reasonFor({ flags }: RetentionFacts): string {
  const time = flags['storage.tsdb.retention.time'];
  const deprecated = flags['storage.tsdb.retention'];
  const isSet = (flag: string | undefined): flag is string => flag !== undefined && parseDuration(flag) !== 0;
  if (isSet(time)) return ', as --storage.tsdb.retention.time says';
  if (isSet(deprecated)) return ', as the deprecated flag --storage.tsdb.retention says';
  if (time === undefined) return '';
  return flags['storage.tsdb.retention.size'] === '0B' ? ', the default when neither a time nor a size is set' : '';
}
