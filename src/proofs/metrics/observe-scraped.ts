import type { ProofContext } from '../../gate/proof.ts';
import { readClocks, type Clocks } from '../../stack/clocks.ts';
import { escapeLabelValue, formatSeries } from '../../stack/exposition/sample.ts';
import type { Prometheus, Series, Target } from '../../stack/prometheus.ts';
import { newestMs } from '../../stack/samples.ts';
import type { Page, Scraped, StoredMetric } from './facts.ts';
import { liveSeries } from './live-series.ts';
import { seriesNames, type MetricsRequirement, type RequiredMetric } from './requirement.ts';
import { intervalOf, maxAgeOf } from './times.ts';

/** How far back to search for a metric that has no sample of late, to tell "never" from "no longer". */
const searchedMs = 3_600_000;

/** What Prometheus held at one time. */
interface Look {
  readonly up: readonly Series[];
  /** How many series there are now of each name. */
  readonly current: readonly Series[];
  /** Of each required metric, in their order. */
  readonly series: readonly (readonly Series[])[];
  readonly clocks: Clocks;
}

/** Reads what Prometheus holds of every metric; waits a few scrapes for those that are on a page and not yet there often enough. */
export async function observeScraped(
  requirement: MetricsRequirement,
  targets: readonly Target[],
  pages: readonly Page[],
  context: ProofContext,
): Promise<Scraped> {
  const { clock, signal } = context;
  const { job, metrics } = requirement;
  const prometheus = context.prometheus();
  const intervalMs = intervalOf(targets);
  const windowMs = Math.max(maxAgeOf(requirement, targets), 4 * intervalMs) + intervalMs;
  const read = (metric: RequiredMetric, spanMs: number) => prometheus.rawSamples(selectorOf(job, metric), spanMs, signal);
  const look = async (): Promise<Look> => {
    // Before the metrics, so that these hold at least what the latest scrape brought.
    const [up, current] = await Promise.all([
      prometheus.rawSamples(formatSeries({ name: 'up', labels: { job } }), windowMs, signal),
      prometheus.instant(`count by (__name__) ({job="${escapeLabelValue(job)}"})`, signal),
    ]);
    const series = await Promise.all(metrics.map((metric) => read(metric, windowMs)));
    return { up, current, series, clocks: await readClocks(prometheus, clock, signal) };
  };
  const { newSeriesMs } = await prometheus.delays(signal);
  const deadlineMs = clock.monotonicMs() + (targets.length === 0 ? 0 : 4 * intervalMs + 2_000 + newSeriesMs);
  let seen = await look();
  for (;;) {
    // Judged is the last look and nothing of earlier ones: by then it may no longer see what they saw of the past.
    const pending = metrics.filter((metric, index) => isExpected(metric, pages) && !hasGaps(liveSeries(seen.series[index] ?? [], targets)));
    if (pending.length === 0 || clock.monotonicMs() >= deadlineMs) break;
    context.progress(`waiting until Prometheus has scraped ${pending.map(({ name }) => name).join(', ')} a few times`);
    await clock.sleep(Math.max(250, intervalMs / 3), signal);
    seen = await look();
  }
  const { up, current, clocks } = seen;
  const stored = await Promise.all(
    metrics.map(async (metric, index): Promise<StoredMetric> => {
      const series = seen.series[index] ?? [];
      const names = seriesNames(metric);
      const counts = current
        .filter(({ labels }) => names.includes(labels['__name__'] ?? ''))
        .map(({ samples }) => Number(samples[0]?.[1] ?? 0));
      const absent =
        series.length > 0 ? { otherJobs: [] } : await searchElsewhere(prometheus, job, metric, () => read(metric, searchedMs), signal);
      return { metric: metric.name, series, current: counts.reduce((sum, count) => sum + count, 0), ...absent };
    }),
  );
  return { clocks, windowMs, searchedMs, up, metrics: stored, names: current.flatMap(({ labels }) => labels['__name__'] ?? []) };
}

async function searchElsewhere(
  prometheus: Prometheus,
  job: string,
  metric: RequiredMetric,
  readLonger: () => Promise<readonly Series[]>,
  signal: AbortSignal,
): Promise<Pick<StoredMetric, 'lastMs' | 'otherJobs'>> {
  const [earlier, jobs] = await Promise.all([
    readLonger(),
    prometheus.instant(`count by (job) ({__name__=~"${seriesNames(metric).join('|')}"})`, signal),
  ]);
  const lastMs = newestMs(earlier);
  const otherJobs = jobs.flatMap(({ labels }) => labels['job'] ?? '(none)').filter((other) => other !== job);
  return { otherJobs, ...(lastMs === undefined ? {} : { lastMs }) };
}

/** One that is on a page must come; of one whose page we cannot read we do not know. */
function isExpected({ name }: RequiredMetric, pages: readonly Page[]): boolean {
  return pages.some(
    (page) => page.failure !== undefined || page.families.some((family) => family.name === name && family.samples.length > 0),
  );
}

/** Two gaps are what it takes to tell one that was missed from those that never come. */
function hasGaps(series: readonly Series[]): boolean {
  return series.some(({ samples }) => samples.length > 2);
}

function selectorOf(job: string, metric: RequiredMetric): string {
  return `{__name__=~"${seriesNames(metric).join('|')}",job="${escapeLabelValue(job)}"}`;
}
