import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { Target } from '../../stack/prometheus.ts';
import { formatMeasured } from '../../stack/samples.ts';
import { similarName } from '../../stack/similar-name.ts';
import { nameOf, seriesOf } from '../../stack/targets.ts';
import type { ScrapeFacts, ScrapeHistory } from './facts.ts';
import { judgeOnTime, longestAgeMs } from './on-time.ts';
import type { ScrapeRequirement } from './requirement.ts';

/** Judges one job as one subject: every target has to reach a rung for the job to reach it. */
export function judgeScrape(requirement: ScrapeRequirement, facts: ScrapeFacts): readonly Finding[] {
  if (facts.targets.length === 0) return [jobMissing(requirement.job, facts)];
  const configured = judgeConfigured(requirement, facts);
  if (facts.history === undefined) return configured;
  return [...configured, ...judgeUp(requirement, facts, facts.history), ...judgeOnTime(requirement, facts, facts.history)];
}

function jobMissing(job: string, { pools }: ScrapeFacts): Finding {
  const about = findingsOn(job, 'configured');
  if (pools.length === 0) {
    return about.no('Prometheus has no target at all', 'give prometheus.yml a scrape_configs section and reload Prometheus');
  }
  const renamed = pools.filter(({ scrapePool }) => scrapePool === job).map((pool) => pool.job);
  if (renamed.length > 0) {
    const says = `the scrape configuration "${job}" exists, but relabelling gives its targets the job label "${renamed.join('", "')}"`;
    return about.no(says, `name that job in the gate, or stop relabelling "job" in prometheus.yml`);
  }
  const jobs = [...new Set(pools.map((pool) => pool.job))].toSorted();
  const similar = similarName(job, jobs);
  const says = `Prometheus has no target with the job "${job}"; its jobs are ${jobs.map((each) => `"${each}"`).join(', ')}`;
  const hint = `add it to scrape_configs in prometheus.yml and reload Prometheus, or see why its service discovery finds no target`;
  return about.no(says, similar === undefined ? hint : `did you mean "${similar}"? otherwise ${hint}`);
}

function judgeConfigured(requirement: ScrapeRequirement, { targets }: ScrapeFacts): readonly Finding[] {
  const about = findingsOn(requirement.job, 'configured');
  const required = formatDuration(requirement.interval);
  const found: Finding[] = [...judgeTargets(requirement, targets)];
  for (const target of targets) {
    if (target.scrapeIntervalMs === undefined) {
      const says = `Prometheus does not say at which interval it scrapes ${nameOf(target)}`;
      found.push(
        about.unknown(says, 'Prometheus tells it since version 2.24; VictoriaMetrics unless it runs with -promscrape.dropOriginalLabels'),
      );
    } else if (target.scrapeIntervalMs !== requirement.interval) {
      const says = `${nameOf(target)} is configured to be scraped every ${formatDuration(target.scrapeIntervalMs)}; ${required} is required`;
      found.push(
        about.no(says, `set scrape_interval: ${required} for the job "${target.scrapePool}" in prometheus.yml and reload Prometheus`),
      );
    }
  }
  if (found.length > 0) return found;
  return [about.yes(`${countOf(targets)} (${targets.map(nameOf).join(', ')}) configured to be scraped every ${required}`)];
}

function judgeTargets({ job, targets: expected }: ScrapeRequirement, targets: readonly Target[]): readonly Finding[] {
  const about = findingsOn(job, 'configured');
  const names = targets.map(nameOf);
  if (typeof expected === 'number' && expected !== targets.length) {
    const says = `Prometheus has ${countOf(targets)} for this job (${names.join(', ')}); ${String(expected)} required`;
    return [about.no(says, 'add the missing targets to scrape_configs, or correct "targets" in the gate')];
  }
  if (typeof expected !== 'object') return [];
  return expected
    .filter((pattern) => !names.some((name) => matches(pattern, name)))
    .map((pattern) =>
      about.no(
        `no target of this job has the instance "${pattern}"; there are ${names.join(', ')}`,
        'add it to scrape_configs, or correct "targets" in the gate',
      ),
    );
}

function matches(pattern: string, name: string): boolean {
  const literal = pattern.split('*').map((part) => RegExp.escape(part));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(name);
}

function judgeUp(requirement: ScrapeRequirement, facts: ScrapeFacts, history: ScrapeHistory): readonly Finding[] {
  const found = facts.targets.flatMap((target) => judgeTargetUp(target, requirement, facts, history));
  if (found.length > 0) return found;
  const scrapes = history.up.reduce((sum, { samples }) => sum + samples.length, 0);
  const says = `${countOf(facts.targets)} up now and in each of ${String(scrapes)} scrapes of the last ${formatDuration(history.windowMs)}`;
  return [findingsOn(requirement.job, 'up').yes(says)];
}

function judgeTargetUp(
  target: Target,
  { job, interval }: ScrapeRequirement,
  { clocks }: ScrapeFacts,
  history: ScrapeHistory,
): readonly Finding[] {
  const about = findingsOn(job, 'up');
  const name = nameOf(target);
  if (target.health === 'unknown') {
    return [about.unknown(`Prometheus has not scraped ${name} yet`, 'run the gate again once it has been scraped')];
  }
  if (target.health !== 'up') {
    const says = `${name} is ${target.health}: ${target.lastError === '' ? 'Prometheus gives no reason' : target.lastError}`;
    return [about.no(says, `see whether ${target.scrapeUrl} answers on the machine where Prometheus runs${inContainer(target)}`)];
  }
  const ageMs = clocks.prometheusMs - Date.parse(target.lastScrape);
  if (!(ageMs <= longestAgeMs(target.scrapeIntervalMs ?? interval))) {
    return [
      about.no(
        `the last scrape of ${name} was ${formatMeasured(ageMs)} ago, at ${target.lastScrape}`,
        'see whether Prometheus itself is overloaded',
      ),
    ];
  }
  const samples = seriesOf(target, history.up).flatMap((series) => series.samples);
  const down = samples.filter(([, value]) => value !== 1).length;
  if (samples.length === 0) {
    return [
      about.no(
        `Prometheus holds no sample of up for ${name} in the last ${formatDuration(history.windowMs)}`,
        'see whether its storage takes samples',
      ),
    ];
  }
  if (down === 0) return [];
  const says = `${name} is up now, but was down in ${String(down)} of ${String(samples.length)} scrapes of the last ${formatDuration(history.windowMs)}`;
  return [about.no(says, 'it restarts or times out: see its log, and scrape_timeout')];
}

/** The commonest reason why a target that answers everywhere else is down. */
function inContainer({ scrapeUrl, lastError }: Target): string {
  const host = URL.parse(scrapeUrl)?.hostname ?? '';
  if ((host !== 'localhost' && !host.startsWith('127.')) || !lastError.includes('refused')) return '';
  return `; if Prometheus runs in a container, ${host} is the container itself: name the address of the application instead`;
}

function countOf(targets: readonly Target[]): string {
  return targets.length === 1 ? '1 target' : `${String(targets.length)} targets`;
}
