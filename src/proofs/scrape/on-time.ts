import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { skewNote } from '../../stack/clocks.ts';
import type { Target } from '../../stack/prometheus.ts';
import { formatMeasured, gapsMs, median, newestMs } from '../../stack/samples.ts';
import { nameOf, seriesOf } from '../../stack/targets.ts';
import type { ScrapeFacts, ScrapeHistory } from './facts.ts';
import type { ScrapeRequirement } from './requirement.ts';

/** A gap this many times the interval means that a scrape is missing in it, and not only that one was late. */
const missedFrom = 1.5;

/** The age at which a last scrape is overdue: one more should have come, and had time to end. */
export function longestAgeMs(intervalMs: number): number {
  return Math.max(2 * intervalMs, intervalMs + 2_000);
}

/** Judges when the scrapes really came, by the samples' own times; the configuration does not count here. */
export function judgeOnTime(requirement: ScrapeRequirement, facts: ScrapeFacts, history: ScrapeHistory): readonly Finding[] {
  const about = findingsOn(requirement.job, 'on-time');
  const judged = facts.targets.map((target) => judgeTarget(target, requirement, facts, history));
  const against = judged.flatMap((each) => each.against);
  if (against.length > 0) return against;
  const required = formatDuration(requirement.interval);
  const seen = judged.map((each) => each.seen).join('; ');
  return [about.yes(`the samples came every ${required} as required: ${seen}${skewNote(facts.clocks)}`)];
}

interface Judged {
  readonly against: readonly Finding[];
  /** The figures, for the sentence that says yes. */
  readonly seen: string;
}

function judgeTarget(target: Target, requirement: ScrapeRequirement, { clocks }: ScrapeFacts, history: ScrapeHistory): Judged {
  const { job, interval, over, tolerance } = requirement;
  const about = findingsOn(job, 'on-time');
  const name = nameOf(target);
  const required = formatDuration(interval);
  const up = seriesOf(target, history.up);
  const gaps = up.flatMap(gapsMs).slice(-over);
  const middle = median(gaps);
  const newest = newestMs(up);
  const window = formatDuration(history.windowMs);
  const against: Finding[] = [];

  if (newest === undefined || middle === undefined) {
    const says = `${name} has ${newest === undefined ? 'no sample' : 'only 1 sample'} in the last ${window}, so no gap could be measured; one every ${required} is required`;
    return { against: [about.no(says, 'see whether Prometheus scrapes it at all')], seen: '' };
  }
  const figures = `middle gap ${formatMeasured(middle)} of ${gaps.map(formatMeasured).join(', ')}`;
  const hint = `see scrape_interval of the job in prometheus.yml, and whether scrapes take longer than ${required}`;
  const missed = gaps.reduce((sum, gap) => sum + (gap >= interval * missedFrom ? Math.round(gap / interval) - 1 : 0), 0);
  if (Math.abs(middle - interval) > interval * tolerance) {
    against.push(
      about.no(`${name} was scraped every ${formatMeasured(middle)} (${figures}); ${required} ± ${percent(tolerance)} is required`, hint),
    );
  } else if (missed > 0) {
    const times = missed === 1 ? '1 scrape' : `${String(missed)} scrapes`;
    against.push(
      about.no(`${times} of ${name} missing: gaps of ${gaps.map(formatMeasured).join(', ')} where ${required} is required`, hint),
    );
  } else if (gaps.length < over) {
    const says = `only ${String(gaps.length)} of ${String(over)} gaps could be measured on ${name} within ${window} (${figures})`;
    against.push(
      about.no(
        says,
        `see whether it was scraped all that time; a target that has just been added needs ${formatDuration((over + 1) * interval)}`,
      ),
    );
  }
  const ageMs = clocks.prometheusMs - newest;
  if (ageMs > longestAgeMs(interval)) {
    const says = `the newest sample of ${name} is ${formatMeasured(ageMs)} old; with an interval of ${required} it may be ${formatMeasured(longestAgeMs(interval))}${skewNote(clocks)}`;
    against.push(about.no(says, 'scrapes have stopped: see the state of the target and of Prometheus'));
  }
  return {
    against: [...against, ...judgeContent(target, job, history)],
    seen: `${name} ${figures}, newest ${formatMeasured(Math.max(0, ageMs))} old`,
  };
}

function judgeContent(target: Target, job: string, history: ScrapeHistory): readonly Finding[] {
  const about = findingsOn(job, 'on-time');
  // A target that does not answer brings nothing, and that is said already.
  if (target.health === 'down') return [];
  const scraped = seriesOf(target, history.samplesScraped).flatMap(({ samples }) => samples.at(-1)?.[1] ?? []);
  const count = scraped.at(-1);
  if (count === undefined) return [about.unknown(`Prometheus does not say how many samples its last scrape of ${nameOf(target)} brought`)];
  if (typeof count === 'number' && count > 0) return [];
  const says = `${nameOf(target)} answers, but its last scrape brought ${String(count)} samples`;
  return [about.no(says, `see whether ${target.scrapeUrl} is really the metrics page`)];
}

function percent(ratio: number): string {
  return `${String(Math.round(ratio * 100))}%`;
}
