import { ValueType, type HrTime } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { isHistogram, type Family, type HistogramFamily, type SampleFamily } from '../series.ts';

/** The metrics of the registry as OpenTelemetry has them: gauges, and sums and histograms since the process began. */
export function metricData(families: readonly Family[], startedMs: number, nowMs: number): MetricData[] {
  const times = { startTime: time(startedMs), endTime: time(nowMs) };
  return families.map((family) => dataOf(family, times)).filter(({ dataPoints }) => dataPoints.length > 0);
}

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function dataOf(family: Family, times: Times): MetricData {
  const { name, help, type } = family.metric;
  const descriptor = { name, description: help, unit: unitOf(name), valueType: ValueType.DOUBLE };
  const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  if (isHistogram(family)) return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(family, times) };
  const dataPoints = points(family, times);
  if (type === 'counter') return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
  return { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
}

function points(family: SampleFamily, times: Times): DataPoint<number>[] {
  return Array.from(family.look(), ({ labels, more, value }) => ({ ...times, attributes: { ...labels, ...more }, value }));
}

function histograms({ metric, look }: HistogramFamily, times: Times): DataPoint<Histogram>[] {
  return Array.from(look(), ({ labels, counts, sum }) => {
    const each = Array.from(counts);
    const buckets = { boundaries: [...metric.buckets], counts: each };
    return { ...times, attributes: { ...labels }, value: { buckets, sum, count: each.reduce((all, count) => all + count, 0) } };
  });
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
