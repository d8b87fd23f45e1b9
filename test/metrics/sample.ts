import { onDemand, type Check } from '../../src/check/check.ts';
import type { Result } from '../../src/check/result.ts';
import { createMetrics, type DaemonView, type Metrics } from '../../src/metrics/metrics.ts';

const quiet: DaemonView = {
  checks: { well: 1, failing: 0, unknown: 0 },
  waitingRuns: 0,
  runningRuns: { heavy: 0, light: 1 },
  troubles: [],
  waitingResults: 0,
  storeBytes: 4096,
  keptParts: { browser: 1 },
};

export function checkNamed(name: string, more: Partial<Check> = {}): Check {
  return { ...onDemand, name, ref: [], statement: name, probe: 'http', timeoutMs: 1_000, options: {}, ...more };
}

export function resultOf(more: Partial<Result> = {}): Result {
  return {
    check: 'home',
    place: 'here',
    dueAtMs: 1_000_000,
    lateMs: 2,
    durationMs: 40,
    status: 'pass',
    reasons: [],
    attempts: 1,
    ...more,
  };
}

export function metricsOf(view: Partial<DaemonView> = {}): Metrics {
  return createMetrics({ version: '1.2.3', place: 'here', view: () => ({ ...quiet, ...view }) });
}

/** Metrics in which every metric of the catalogue has a series. */
export function everyMetric(): Metrics {
  const metrics = metricsOf({ troubles: ['cpu'] });
  metrics.declare([checkNamed('home', { severity: 'critical' })]);
  metrics.result(resultOf({ attempts: 2 }), [
    { metric: 'probe_dns_lookup_time_seconds', value: 0.001 },
    { metric: 'probe_http_duration_seconds', phase: 'resolve', value: 0.001 },
    { metric: 'probe_http_duration_seconds', phase: 'connect', value: 0.002 },
    { metric: 'probe_http_status_code', value: 200 },
    { metric: 'probe_http_content_length', value: 12 },
    { metric: 'probe_http_redirects', value: 0 },
    { metric: 'probe_http_ssl', value: 1 },
    { metric: 'probe_http_version', value: 1.1 },
    { metric: 'probe_ssl_earliest_cert_expiry', value: 1_900_000_000 },
  ]);
  metrics.believe('home', false);
  metrics.missed('still-running', 1);
  metrics.heartbeat('home');
  metrics.heartbeatRefused('token');
  metrics.stored({ ok: true, results: 1, tookMs: 2 });
  metrics.dropped(1);
  metrics.removed(3);
  metrics.removed('failed');
  metrics.opened('browser');
  metrics.reloaded(true);
  return metrics;
}

/** The lines of series of one metric. */
export function seriesOf(text: string, name: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}
