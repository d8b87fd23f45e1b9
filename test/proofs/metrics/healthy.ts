import { verdictOf, type Verdict } from '../../../src/gate/verdict.ts';
import type { Finding } from '../../../src/gate/finding.ts';
import type { Grade } from '../../../src/gate/grade.ts';
import metrics from '../../../src/proofs/metrics.ts';
import { metricsFacts, type MetricsFacts, type Page, type StoredMetric } from '../../../src/proofs/metrics/facts.ts';
import { judgeMetrics } from '../../../src/proofs/metrics/judge.ts';
import { metricsRequirement } from '../../../src/proofs/metrics/requirement.ts';
import { parseExposition } from '../../../src/stack/exposition.ts';
import type { Series } from '../../../src/stack/prometheus.ts';

export const now = 1_795_225_376_000;
export const url = 'http://a:3000/metrics';

/** The metrics page of an app as it should be. */
export const goodPage = `# HELP forecasts_generated_total Total number of forecasts generated
# TYPE forecasts_generated_total counter
forecasts_generated_total{tier="FREE"} 5
forecasts_generated_total{tier="PRO"} 7
# HELP http_request_duration_ms Duration of HTTP requests in ms
# TYPE http_request_duration_ms histogram
http_request_duration_ms_bucket{le="10",method="GET"} 1
http_request_duration_ms_bucket{le="50",method="GET"} 3
http_request_duration_ms_bucket{le="+Inf",method="GET"} 4
http_request_duration_ms_sum{method="GET"} 250
http_request_duration_ms_count{method="GET"} 4
# HELP forecast_queue_depth Number of jobs waiting
# TYPE forecast_queue_depth gauge
forecast_queue_depth 3
# TYPE job_seconds summary
job_seconds{quantile="0.5"} 1
job_seconds_sum 10
job_seconds_count 8
`;

const required = {
  job: 'accubooks',
  metrics: [
    { name: 'forecasts_generated_total', ref: 'AB-M19', type: 'counter', labels: ['tier'] },
    { name: 'http_request_duration_ms', type: 'histogram', labels: ['method'], buckets: [10, 50] },
    { name: 'forecast_queue_depth', type: 'gauge' },
    { name: 'job_seconds', type: 'summary' },
  ],
};

export const target: MetricsFacts['targets'][number] = {
  labels: { job: 'accubooks', instance: 'a:3000' },
  scrapePool: 'accubooks',
  scrapeUrl: url,
  health: 'up',
  lastError: '',
  lastScrape: new Date(now - 4_000).toISOString(),
  scrapeIntervalMs: 15_000,
};

/** A page as it is recorded. */
export function pageOf(text: string, change: Partial<Page> = {}): Page {
  const { families, malformed } = parseExposition(text);
  const wanted = required.metrics.map(({ name }) => name);
  return {
    url,
    status: 200,
    contentType: 'text/plain; version=0.0.4',
    families: families.filter(({ name }) => wanted.includes(name)),
    names: families.map(({ name, type }) => ({ name, type })),
    malformed,
    malformedLines: malformed.length,
    ...change,
  };
}

export interface StoredChange {
  readonly times?: readonly number[];
  readonly current?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What Prometheus holds after it has scraped a page several times, last 4 s ago. */
export function storedOf(
  text: string,
  { times = [34_000, 19_000, 4_000], current, labels = target.labels }: StoredChange = {},
): readonly StoredMetric[] {
  return required.metrics.map(({ name }) => {
    const samples = parseExposition(text).families.find((family) => family.name === name)?.samples ?? [];
    return {
      metric: name,
      series: samples.map((sample) => ({
        labels: { __name__: sample.name, ...sample.labels, ...labels },
        samples: times.map((ageMs): [number, number | string] => [now - ageMs, sample.value]),
      })),
      current: current ?? samples.length,
      otherJobs: [],
    };
  });
}

/** Facts of an app whose page is `text`, but for what is said. */
export function factsOf(text = goodPage, change: Partial<MetricsFacts> = {}, stored = storedOf(text)): MetricsFacts {
  return metricsFacts.parse({
    targets: [target],
    pages: [pageOf(text)],
    scraped: {
      clocks: { oursMs: now, prometheusMs: now },
      windowMs: 75_000,
      searchedMs: 3_600_000,
      up: upOf(stored),
      metrics: stored,
      names: parseExposition(text).families.flatMap(({ samples }) => samples.map(({ name }) => name)),
    },
    ...change,
  });
}

/** Every scrape that brought a sample of anything. */
function upOf(stored: readonly StoredMetric[]): readonly Series[] {
  const byInstance = Map.groupBy(
    stored.flatMap(({ series }) => series),
    ({ labels }) => labels['instance'] ?? '',
  );
  return [...byInstance].map(([instance, series]) => {
    const times = new Set(series.flatMap(({ samples }) => samples.map(([time]) => time)));
    return { labels: { job: 'accubooks', instance }, samples: [...times].toSorted((a, b) => a - b).map((time) => [time, 1] as const) };
  });
}

/** The same facts with one metric stored differently. */
export function withStored(facts: MetricsFacts, name: string, change: (stored: StoredMetric) => Partial<StoredMetric>): MetricsFacts {
  if (facts.scraped === undefined) throw new Error('nothing was scraped');
  const changed = facts.scraped.metrics.map((stored) => (stored.metric === name ? { ...stored, ...change(stored) } : stored));
  return { ...facts, scraped: { ...facts.scraped, metrics: changed } };
}

export interface Judgement extends Verdict {
  readonly against: readonly Finding[];
  stateOf(subject: string): string | undefined;
}

export function judge(facts: MetricsFacts, grade: Grade = 'scraped', change: object = {}): Judgement {
  const requirement = metricsRequirement.parse({ ...required, ...change });
  const verdict = verdictOf(metrics.ladder, grade, judgeMetrics(requirement, facts), 'item');
  return {
    ...verdict,
    against: verdict.reasons.filter(({ holds }) => holds !== 'yes'),
    stateOf: (subject) => verdict.subjects.find((each) => each.subject === subject)?.state,
  };
}
