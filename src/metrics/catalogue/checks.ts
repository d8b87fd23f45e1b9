import type { MeasureName } from '../../check/measure.ts';
import type { GaugeMetric, Metric } from '../metric.ts';

/** Every series of a check carries these. */
const ofCheck = ['check', 'place', 'probe', 'severity'] as const;

const gauge = (name: string, help: string, more: readonly string[] = []): GaugeMetric => ({
  name,
  type: 'gauge',
  labels: [...ofCheck, ...more],
  help,
});

/** What probes may tell of a run: the names and meanings of the Prometheus blackbox exporter. */
export const measureMetrics: Readonly<Record<MeasureName, GaugeMetric>> = {
  probe_dns_lookup_time_seconds: gauge('probe_dns_lookup_time_seconds', 'Time that the name took to be resolved.'),
  probe_http_duration_seconds: gauge('probe_http_duration_seconds', 'Time of the HTTP requests by phase, over all requests of the run.', [
    'phase',
  ]),
  probe_http_status_code: gauge('probe_http_status_code', 'Status of the last HTTP answer; 0 when there was none.'),
  probe_http_content_length: gauge('probe_http_content_length', 'Bytes in the body of the last HTTP answer.'),
  probe_http_redirects: gauge('probe_http_redirects', 'Redirects that were followed.'),
  probe_http_ssl: gauge('probe_http_ssl', '1 when the last HTTP answer came over TLS, else 0.'),
  probe_http_version: gauge('probe_http_version', 'HTTP version of the last answer: 1.1 or 2.'),
  probe_ssl_earliest_cert_expiry: gauge(
    'probe_ssl_earliest_cert_expiry',
    'When the first certificate of the chain expires, in seconds since the epoch.',
  ),
};

export const checkMetrics = {
  success: gauge(
    'probe_success',
    '1 when the last run passed, 0 when it failed; absent when it could not tell, see liveproof_check_error.',
  ),
  duration: gauge('probe_duration_seconds', 'Time that the last run took; absent when it could not tell.'),
  error: gauge('liveproof_check_error', '1 when the last run could not tell how the target is, else 0.'),
  failing: gauge(
    'liveproof_check_failing',
    '1 while the target is believed to be failing by the thresholds of the check, 0 while it is believed to be well; errors and restarts leave it as it is.',
  ),
  lastResult: gauge('liveproof_check_last_result_timestamp_seconds', 'When the last run ended, in seconds since the epoch.'),
  results: {
    name: 'liveproof_results_total',
    type: 'counter',
    labels: [...ofCheck, 'status'],
    help: 'Runs of the check by status: pass, fail or error.',
  },
  retries: { name: 'liveproof_retries_total', type: 'counter', labels: ofCheck, help: 'Attempts after the first one of a run.' },
  durations: {
    name: 'liveproof_check_duration_seconds',
    type: 'histogram',
    labels: ofCheck,
    help: 'Time that runs took which passed or failed.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  ...measureMetrics,
} as const satisfies Readonly<Record<string, Metric>>;
