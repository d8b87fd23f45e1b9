import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import type { OwnRegistry } from '../registry.ts';

type Metric = Awaited<ReturnType<OwnRegistry['values']>>[number];
type Value = Metric['values'][number];

/** The metrics of the registry as OpenTelemetry has them: gauges, and sums and histograms since the process began. */
export function metricData(metrics: readonly Metric[], startedMs: number, nowMs: number): MetricData[] {
  return metrics
    .filter(({ values }) => values.length > 0)
    .map((metric) => dataOf(metric, { startTime: time(startedMs), endTime: time(nowMs) }));
}

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function dataOf(metric: Metric, times: Times): MetricData {
  const descriptor = { name: metric.name, description: metric.help, unit: unitOf(metric.name), valueType: ValueType.DOUBLE };
  const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const points = (): DataPoint<number>[] =>
    metric.values.map(({ labels, value }) => ({ ...times, attributes: labels as Attributes, value }));
  // The registry's types name the kinds by an enum of numbers, and its values by words.
  switch (metric.type as unknown) {
    case 'counter':
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points() };
    case 'histogram':
      return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(metric.values, times) };
    default:
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: points() };
  }
}

/** The registry tells a histogram as the lines of Prometheus: a running total for each bound, the sum and the count. */
function histograms(values: readonly Value[], times: Times): DataPoint<Histogram>[] {
  const series = Map.groupBy(values, ({ labels }) => JSON.stringify({ ...labels, le: undefined }));
  return [...series].map(([labels, lines]) => {
    const named = (ending: string): readonly Value[] => lines.filter((line) => nameOf(line).endsWith(ending));
    const totals = named('_bucket');
    return {
      ...times,
      attributes: JSON.parse(labels) as Attributes,
      value: {
        buckets: {
          boundaries: totals.map(({ labels: { le } }) => Number(le)).filter(Number.isFinite),
          counts: totals.map(({ value }, index) => value - (totals[index - 1]?.value ?? 0)),
        },
        sum: named('_sum')[0]?.value ?? 0,
        count: named('_count')[0]?.value ?? 0,
      },
    };
  });
}

function nameOf(value: Value): string {
  return 'metricName' in value ? String(value.metricName) : '';
}

/** By the endings that the names of Prometheus have. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return 's';
  return /_bytes(_total)?$/.test(name) ? 'By' : '';
}

function time(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.floor((ms - seconds * 1000) * 1_000_000)];
}
