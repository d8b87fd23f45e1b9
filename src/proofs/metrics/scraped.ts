import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { skewNote } from '../../stack/clocks.ts';
import type { Series, Target } from '../../stack/prometheus.ts';
import { formatMeasured, gapsMs, median, newestMs } from '../../stack/samples.ts';
import { similarName } from '../../stack/similar-name.ts';
import { nameOf, seriesOf } from '../../stack/targets.ts';
import type { MetricsFacts, Scraped, StoredMetric } from './facts.ts';
import { liveSeries } from './live-series.ts';
import type { MetricsRequirement, RequiredMetric } from './requirement.ts';
import { bucketsWrong, countSeries, labelsMissing, seriesCount, withLabels, type NamedLabels } from './shape.ts';
import { intervalOf, maxAgeOf } from './times.ts';

/** A middle gap this many times the interval means that scrapes are missing, and not only late. */
const missedFrom = 1.5;

/** Judges what Prometheus holds of one metric: fresh raw samples of every part, at the interval, with the labels they were exported with. */
export function judgeScraped(metric: RequiredMetric, requirement: MetricsRequirement, facts: MetricsFacts): readonly Finding[] {
  const { scraped } = facts;
  if (scraped === undefined) return [];
  const about = findingsOn(metric.name, 'scraped');
  const stored = scraped.metrics.find((each) => each.metric === metric.name);
  if (stored === undefined) return [about.unknown(`what Prometheus holds of ${metric.name} was not recorded`)];
  if (stored.series.length === 0) return [judgeAbsent(metric, requirement, facts, scraped, stored)];
  const live = liveSeries(stored.series, facts.targets);
  const against = [
    ...judgeFresh(metric, requirement, facts, scraped, stored),
    ...judgeParts(metric, live),
    ...judgeInterval(metric, facts, live),
  ];
  if (against.length > 0) return against;
  const ageMs = Math.max(0, scraped.clocks.prometheusMs - (newestMs(stored.series) ?? 0));
  const gap = formatMeasured(median(gapsMs(longest(live))) ?? 0);
  const count = seriesCount(countSeries(live.map(named)));
  const says = `${count}${withLabels(metric)}; newest raw sample ${formatMeasured(ageMs)} old (at most ${formatDuration(maxAgeOf(requirement, facts.targets))}), one every ${gap}${skewNote(scraped.clocks)}`;
  return [about.yes(says)];
}

function judgeAbsent(
  metric: RequiredMetric,
  { job }: MetricsRequirement,
  { pages }: MetricsFacts,
  scraped: Scraped,
  stored: StoredMetric,
): Finding {
  const about = findingsOn(metric.name, 'scraped');
  const window = `in the last ${formatDuration(scraped.windowMs)}`;
  const none = `Prometheus has no sample of ${metric.name} for the job "${job}" ${window}`;
  if (stored.lastMs !== undefined) {
    const agoMs = scraped.clocks.prometheusMs - stored.lastMs;
    return about.no(
      `${none}; the last one is ${formatMeasured(agoMs)} old, from ${new Date(stored.lastMs).toISOString()}`,
      'the app no longer exports it, or is no longer scraped: see what changed at that time',
    );
  }
  const searched = `, nor in the last ${formatDuration(scraped.searchedMs)}`;
  if (stored.otherJobs.length > 0) {
    const says = `${none}${searched}, but has it for the job ${stored.otherJobs.map((other) => `"${other}"`).join(', ')}`;
    return about.no(says, 'correct "job" in the gate, or see which target exports it');
  }
  const families = pages.flatMap((page) => page.families.filter(({ name }) => name === metric.name));
  if (families.some(({ samples }) => samples.length > 0)) {
    return about.no(
      `${none}, though it is on the app's own page`,
      'see whether metric_relabel_configs drop it, and whether Prometheus scrapes that page',
    );
  }
  if (families.length > 0)
    return about.no(
      `${none}: the app announces it, but has not counted anything with it yet`,
      'let the app begin with 0 for the label values it knows',
    );
  const similar = similarName(
    metric.name,
    scraped.names.map((name) => name.replace(/_bucket$/, '')),
  );
  const hint =
    similar === undefined
      ? 'see whether the app exports it, and whether metric_relabel_configs drop it'
      : `it has "${similar}" for that job: did you mean that one?`;
  return about.no(`${none}${searched}`, hint);
}

function judgeFresh(
  metric: RequiredMetric,
  requirement: MetricsRequirement,
  facts: MetricsFacts,
  { clocks }: Scraped,
  stored: StoredMetric,
): readonly Finding[] {
  const about = findingsOn(metric.name, 'scraped');
  const longestMs = maxAgeOf(requirement, facts.targets);
  const found: Finding[] = [];
  for (const { says: whose, series } of sources(metric, facts, stored)) {
    const newest = newestMs(series);
    if (newest === undefined) {
      found.push(
        about.no(
          `Prometheus has no sample of ${metric.name}${whose}, though it is on that target's page`,
          'see whether the target is up and metric_relabel_configs keep it',
        ),
      );
    } else if (clocks.prometheusMs - newest > longestMs) {
      const says = `the newest raw sample of ${metric.name}${whose} is ${formatMeasured(clocks.prometheusMs - newest)} old; at most ${formatDuration(longestMs)} is allowed${skewNote(clocks)}`;
      found.push(about.no(says, 'an instant query would still show it: see whether the target is up and still exports it'));
    }
  }
  if (found.length > 0) return found;
  found.push(...judgeLatestScrape(metric, facts, stored));
  if (found.length > 0) return found;
  if (stored.current === 0) {
    const says = `Prometheus has marked every series of ${metric.name} as ended, though their last samples are fresh: the last scrape no longer brought them`;
    found.push(about.no(says, 'the target went down or no longer exports it: see its page and its state'));
  }
  const values = liveSeries(stored.series, facts.targets).map(({ samples }) => samples.at(-1)?.[1]);
  if (values.every((value) => value === 'NaN')) {
    found.push(
      about.no(
        `every newest value of ${metric.name} is NaN (${seriesCount(values.length)})`,
        'no alert can fire on NaN: see how the app computes it',
      ),
    );
  }
  return found;
}

/**
 * All samples of a scrape are stored at once with its `up`, so a metric whose newest one is older was not taken over by that scrape.
 * Prometheus itself notices only some scrapes later, when its configuration has changed. Where the page states times of its own this says nothing.
 */
function judgeLatestScrape(
  metric: RequiredMetric,
  { targets, pages, scraped }: MetricsFacts,
  { series }: StoredMetric,
): readonly Finding[] {
  const about = findingsOn(metric.name, 'scraped');
  const statesTimes = pages.some(({ families }) =>
    families.some(({ name, samples }) => name === metric.name && samples.some(({ timestampMs }) => timestampMs !== undefined)),
  );
  if (statesTimes) return [];
  return targets.flatMap((target) => {
    const newest = newestMs(seriesOf(target, series));
    const scrapedMs = newestMs(seriesOf(target, succeeded(scraped?.up ?? [])));
    if (newest === undefined || scrapedMs === undefined || newest >= scrapedMs) return [];
    const says = `the latest scrape of ${nameOf(target)} brought no sample of ${metric.name}; the one before it that did was ${formatMeasured(scrapedMs - newest)} earlier`;
    return [about.no(says, 'see what changed then: the page, or metric_relabel_configs')];
  });
}

function succeeded(up: readonly Series[]): readonly Series[] {
  return up.map(({ labels, samples }) => ({ labels, samples: samples.filter(([, value]) => value === 1) }));
}

/** Whose samples must be fresh: those of every target whose page has the metric, or of all together where that is not known. */
function sources(
  metric: RequiredMetric,
  { targets, pages }: MetricsFacts,
  { series }: StoredMetric,
): readonly { says: string; series: readonly Series[] }[] {
  const exporting = targets.filter(({ scrapeUrl }) =>
    pages.some(
      ({ url, families }) => url === scrapeUrl && families.some(({ name, samples }) => name === metric.name && samples.length > 0),
    ),
  );
  if (exporting.length === 0) return [{ says: '', series }];
  return exporting.map((target) => ({ says: ` from ${nameOf(target)}`, series: seriesOf(target, series) }));
}

function judgeParts(metric: RequiredMetric, live: readonly Series[]): readonly Finding[] {
  const about = findingsOn(metric.name, 'scraped');
  const all = live.map(named);
  const found: Finding[] = [];
  const parts = metric.type === 'histogram' ? ['_bucket', '_sum', '_count'] : metric.type === 'summary' ? ['_sum', '_count'] : [];
  const lacking = parts.filter((part) => !all.some(({ name }) => name === `${metric.name}${part}`)).map((part) => `${metric.name}${part}`);
  if (lacking.length > 0)
    found.push(about.no(`Prometheus has no ${lacking.join(' and no ')}`, `a ${metric.type} needs them: see metric_relabel_configs`));
  // What the app says with a label that its target has too, Prometheus moves aside: the name alone would look right.
  const movedAside = metric.labels.filter((label) => all.some(({ labels }) => labels[`exported_${label}`] !== undefined));
  for (const label of movedAside) {
    const count = all.filter(({ labels }) => labels[`exported_${label}`] !== undefined).length;
    const says = `in Prometheus what the app says with the label ${label} of ${metric.name} stands in exported_${label}, on ${String(count)} of ${String(all.length)} series`;
    found.push(about.no(says, `the target has a label "${label}" of its own: rename one of them, or set honor_labels`));
  }
  for (const { label, on } of labelsMissing(metric, all)) {
    if (movedAside.includes(label)) continue;
    const says = `in Prometheus the label ${label} is missing on ${String(on)} of ${String(all.length)} series of ${metric.name}`;
    found.push(about.no(says, 'see labeldrop and metric_relabel_configs in prometheus.yml'));
  }
  const wrong = metric.type === 'histogram' && !lacking.includes(`${metric.name}_bucket`) ? bucketsWrong(metric, all) : undefined;
  if (wrong !== undefined)
    found.push(about.no(`in Prometheus ${metric.name} has the buckets ${wrong}`, 'see whether metric_relabel_configs drop some of them'));
  return found;
}

function judgeInterval(metric: RequiredMetric, { targets }: MetricsFacts, live: readonly Series[]): readonly Finding[] {
  const about = findingsOn(metric.name, 'scraped');
  const most = longest(live);
  const gaps = gapsMs(most);
  // One long gap may be a restart; that it never arrives sooner, or mostly does not, is no accident.
  const gap = gaps.length < 3 ? Math.min(...gaps) : (median(gaps) ?? Infinity);
  const own: readonly Target[] = targets.filter((target) => seriesOf(target, [most]).length > 0);
  const intervalMs = intervalOf(own.length > 0 ? own : targets);
  if (gap < missedFrom * intervalMs) return [];
  if (gaps.length < 2) {
    const says = `Prometheus has only ${most.samples.length === 1 ? '1 sample' : '2 samples'} of ${metric.name} so far, so it cannot be told whether it arrives with every scrape`;
    return [about.unknown(says, 'run the gate again when it was scraped a few times')];
  }
  const says = `${metric.name} arrives every ${formatMeasured(gap)} (gaps of ${gaps.map(formatMeasured).join(', ')}), though it is scraped every ${formatDuration(intervalMs)}`;
  return [about.no(says, 'see whether scrapes fail in between, or the app leaves it out of some of them')];
}

/** The series with the most samples, whose gaps say most. */
function longest(series: readonly Series[]): Series {
  return series.reduce((most, each) => (each.samples.length > most.samples.length ? each : most), { labels: {}, samples: [] });
}

function named({ labels }: Series): NamedLabels {
  return { name: labels['__name__'] ?? '', labels };
}
