import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { Series } from '../../stack/prometheus.ts';
import { newestMs } from '../../stack/samples.ts';
import { seriesOf } from '../../stack/targets.ts';
import type { MetricsFacts, StoredMetric } from './facts.ts';
import { liveSeries } from './live-series.ts';
import type { MetricsRequirement, RequiredMetric } from './requirement.ts';
import { countSeries } from './shape.ts';
import { maxAgeOf } from './times.ts';

type Mutants = readonly FactsMutant<MetricsFacts>[];

/** What Prometheus could hold of a metric instead. */
export function storedMutants(metric: RequiredMetric, requirement: MetricsRequirement, facts: MetricsFacts): Mutants {
  const { scraped } = facts;
  const stored = scraped?.metrics.find((each) => each.metric === metric.name);
  if (scraped === undefined || stored === undefined) return [];
  const { name } = metric;
  const other = (change: readonly StoredMetric[]): MetricsFacts => ({
    ...facts,
    scraped: { ...scraped, metrics: scraped.metrics.flatMap((each) => (each === stored ? change : [each])) },
  });
  const series = (change: (each: Series) => readonly Series[]): MetricsFacts =>
    other([{ ...stored, series: stored.series.flatMap(change) }]);
  const samples = (change: (samples: Series['samples']) => Series['samples']): MetricsFacts =>
    series(({ labels, samples: own }) => [{ labels, samples: change(own) }]);
  const agedMs = 2 * maxAgeOf(requirement, facts.targets);
  const lastScrapeMs =
    newestMs(scraped.up.map(({ labels, samples: own }) => ({ labels, samples: own.filter(([, value]) => value === 1) }))) ?? Infinity;
  return [
    worse('not-recorded', `what Prometheus holds of ${name} was not looked at`, other([])),
    worse(
      'series-gone',
      `Prometheus has no series of ${name}`,
      series(() => []),
    ),
    worse(
      'samples-aged',
      `every sample of ${name} is old`,
      samples((own) => own.map(([time, value]) => [time - agedMs, value])),
    ),
    worse(
      'not-in-last-scrape',
      `the latest scrape brought no sample of ${name}`,
      samples((own) => own.filter(([time]) => time < lastScrapeMs)),
      timesOfItsOwn(name, facts),
    ),
    worse('series-ended', `Prometheus has marked every series of ${name} as ended`, other([{ ...stored, current: 0 }])),
    worse(
      'value-nan',
      `every value of ${name} is NaN`,
      samples((own) => own.map(([time]) => [time, 'NaN'])),
    ),
    worse(
      'sample-missed',
      `every second sample of ${name} is missing`,
      samples((own) => own.filter((_, index) => (own.length - 1 - index) % 2 === 0)),
    ),
    ...ofOneTarget(metric, facts, stored, series),
    ...parts(metric, series),
    ...labelMutants(metric, stored, series),
    ...oneOfMany(metric, liveSeries(stored.series, facts.targets), series),
  ];
}

type ChangeSeries = (change: (each: Series) => readonly Series[]) => MetricsFacts;

function timesOfItsOwn(metric: string, { pages }: MetricsFacts): string | undefined {
  const states = pages.some(({ families }) =>
    families.some(({ name, samples }) => name === metric && samples.some(({ timestampMs }) => timestampMs !== undefined)),
  );
  return states ? 'its page states times of its own, so its samples need not be of the time of the scrape' : undefined;
}

function ofOneTarget({ name }: RequiredMetric, { targets }: MetricsFacts, stored: StoredMetric, series: ChangeSeries): Mutants {
  const exporting = targets.filter((target) => seriesOf(target, stored.series).length > 0);
  if (exporting.length < 2) return [];
  return exporting.map((target) =>
    worse(
      'target-without',
      `one of ${String(exporting.length)} targets no longer brings ${name}`,
      series((each) => (seriesOf(target, [each]).length > 0 ? [] : [each])),
    ),
  );
}

function parts({ name, type, buckets }: RequiredMetric, series: ChangeSeries): Mutants {
  const lacking = type === 'histogram' ? ['_bucket', '_sum', '_count'] : type === 'summary' ? ['_sum', '_count'] : [];
  const isBound = ({ labels }: Series): boolean =>
    labels['le'] !== undefined && (buckets === undefined ? labels['le'] === '+Inf' : Number(labels['le']) === buckets[0]);
  return [
    ...lacking.map((part) =>
      worse(
        'part-lost',
        `Prometheus has no ${name}${part}`,
        series((each) => (each.labels['__name__'] === `${name}${part}` ? [] : [each])),
      ),
    ),
    ...(type === 'histogram'
      ? [
          worse(
            'bucket-dropped',
            `Prometheus lacks a bucket of ${name}`,
            series((each) => (isBound(each) ? [] : [each])),
          ),
        ]
      : []),
  ];
}

function labelMutants({ name, labels }: RequiredMetric, stored: StoredMetric, series: ChangeSeries): Mutants {
  const [first] = stored.series;
  const without = ({ labels: own, samples }: Series, label: string, moved: Readonly<Record<string, string>> = {}): Series => ({
    labels: { ...Object.fromEntries(Object.entries(own).filter(([key]) => key !== label)), ...moved },
    samples,
  });
  return labels.flatMap((label) => [
    worse(
      'label-dropped',
      `in Prometheus no series of ${name} has the label ${label}`,
      series((each) => [without(each, label)]),
    ),
    worse(
      'label-dropped-once',
      `in Prometheus one series of ${name} lacks the label ${label}`,
      series((each) => [each === first ? without(each, label) : each]),
    ),
    worse(
      'label-moved',
      `the target has a label ${label} too, so that of ${name} stands in exported_${label}`,
      series((each) => [without(each, label, { [label]: 'target', [`exported_${label}`]: each.labels[label] ?? '' })]),
    ),
  ]);
}

/** Of several series with different label values one may come and go: the gate names the labels and not their values. */
function oneOfMany({ name, labels }: RequiredMetric, all: readonly Series[], series: ChangeSeries): Mutants {
  const valuesOf = ({ labels: own }: Series): string => JSON.stringify(labels.map((label) => own[label]));
  const [first] = all;
  if (first === undefined || labels.length === 0) return [];
  const left = all.filter((each) => valuesOf(each) !== valuesOf(first));
  const count = countSeries(left.map((each) => ({ name: each.labels['__name__'] ?? '', labels: each.labels })));
  if (count === 0) return [];
  return [
    worse(
      'series-dropped',
      `${name} no longer has the series with ${labels.map((label) => `${label}="${first.labels[label] ?? ''}"`).join(', ')}`,
      series((each) => (valuesOf(each) === valuesOf(first) ? [] : [each])),
      `the gate asks for the labels ${labels.join(', ')} and not for these values of them, and ${String(count)} more series have them`,
    ),
  ];
}
