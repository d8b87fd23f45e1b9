import type { Family, Row } from '../row.ts';
import { prometheus } from '../sabotages.ts';

/** Every metric of the guide, by the item that must miss it. */
const metricsOf: Readonly<Record<string, readonly string[]>> = {
  'api-metrics': ['http_request_duration_ms', 'http_requests_total', 'http_error_rate'],
  'database-metrics': [
    'db_active_connections',
    'db_pool_utilization_percent',
    'db_connection_wait_time_ms',
    'db_query_duration_ms',
    'db_connection_errors_total',
  ],
  'cache-metrics': ['cache_memory_usage_bytes', 'cache_hit_rate_percent', 'cache_eviction_rate_per_sec', 'cache_operation_duration_ms'],
  'queue-metrics': ['forecast_queue_depth', 'forecast_worker_utilization_percent', 'forecast_job_duration_seconds', 'forecast_jobs_total'],
  'business-metrics': ['active_users_concurrent', 'tier_limit_hits_total', 'upgrade_conversions_total', 'trust_layer_interactions_total'],
};

const missing: readonly Row[] = Object.entries(metricsOf).flatMap(([item, names]) =>
  names.map((name) => ({
    says: `the metric ${name} is missing`,
    sabotage: { app: { hideMetric: name } },
    red: { [item]: 'disproven' as const },
    because: new RegExp(name),
  })),
);

export const metrics: Family = {
  name: 'metrics',
  items: Object.keys(metricsOf),
  rows: [
    ...missing,
    {
      says: 'a metric has another name',
      sabotage: { app: { renameMetric: { from: 'cache_hit_rate_percent', to: 'cache_hit_ratio_percent' } } },
      red: { 'cache-metrics': 'disproven' },
      because: /cache_hit_ratio_percent/,
    },
    {
      says: 'a counter calls itself a gauge',
      sabotage: { app: { wrongType: 'forecast_jobs_total' } },
      red: { 'queue-metrics': 'disproven' },
      because: /gauge/,
    },
    {
      says: 'a gauge calls itself a counter',
      sabotage: { app: { wrongType: 'db_active_connections' } },
      red: { 'database-metrics': 'disproven' },
      because: /counter/,
    },
    {
      says: 'a label is missing',
      sabotage: { app: { dropLabel: { metric: 'http_requests_total', label: 'method' } } },
      red: { 'api-metrics': 'disproven' },
      because: /"?method"?/,
    },
    {
      says: 'the tier is missing from the limit hits',
      sabotage: { app: { dropLabel: { metric: 'tier_limit_hits_total', label: 'tier' } } },
      red: { 'business-metrics': 'disproven' },
      because: /"?tier"?/,
    },
    {
      says: 'a histogram has other buckets',
      sabotage: { app: { wrongBuckets: 'db_query_duration_ms' } },
      red: { 'database-metrics': 'disproven' },
      because: /db_query_duration_ms.*bucket|bucket.*db_query_duration_ms/,
    },
    {
      says: 'Prometheus drops the metrics of the cache',
      sabotage: prometheus(
        '    metrics_path: /api/metrics',
        "    metrics_path: /api/metrics\n    metric_relabel_configs: [{ source_labels: [__name__], regex: 'cache_.*', action: drop }]",
      ),
      red: { 'cache-metrics': 'disproven' },
      because: /cache_memory_usage_bytes/,
    },
    {
      says: 'samples of a metric are ten minutes old',
      sabotage: { app: { staleMetric: 'active_users_concurrent' } },
      // Until the last good sample is too old.
      act: (stack) => stack.prometheus.waitForScrapes(4),
      red: { 'business-metrics': 'disproven' },
      because: /active_users_concurrent/,
    },
  ],
};
