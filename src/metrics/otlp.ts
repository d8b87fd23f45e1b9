import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type MetricProducer, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { metricData } from './otlp/metric-data.ts';
import type { Registry } from './registry.ts';

export interface OtlpOptions {
  /** The base of a receiver, such as http://localhost:4318. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly everyMs: number;
  readonly place: string;
  readonly version: string;
  readonly families: Registry['families'];
  /** How a push went; `trouble` when it did not arrive. The next one tells the same counters and more. */
  pushed(trouble: string | undefined): void;
}

const longestPushMs = 10_000;

/** Pushes what /metrics serves, by the OpenTelemetry SDK; once more when it is disposed of. */
export function startOtlp({ endpoint, headers, everyMs, place, version, families, pushed }: OtlpOptions): AsyncDisposable {
  const resource = resourceFromAttributes({ 'service.name': 'liveproof', 'service.version': version, 'service.instance.id': place });
  const startedMs = performance.timeOrigin;
  const producer: MetricProducer = {
    collect: () => {
      const metrics = metricData(families(), startedMs, performance.timeOrigin + performance.now());
      const scopeMetrics = [{ scope: { name: 'liveproof', version }, metrics }];
      return Promise.resolve({ resourceMetrics: { resource, scopeMetrics }, errors: [] });
    },
  };
  const timeoutMillis = Math.min(everyMs, longestPushMs);
  const exporter = new OTLPMetricExporter({ url: `${endpoint}/v1/metrics`, headers: { ...headers }, timeoutMillis });
  const told: PushMetricExporter = {
    export: (metrics, done) =>
      exporter.export(metrics, (result) => {
        pushed(result.error === undefined ? undefined : `${endpoint} did not take the metrics: ${result.error.message}`);
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
  const reader = new PeriodicExportingMetricReader({
    exporter: told,
    exportIntervalMillis: everyMs,
    exportTimeoutMillis: timeoutMillis,
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return {
    // A receiver that is gone must not keep the daemon from ending.
    [Symbol.asyncDispose]: () => provider.shutdown({ timeoutMillis }).catch(() => undefined),
  };
}
