import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { createSlidingWindow } from '../sliding-window.ts';

export interface HttpMetrics {
  observe(method: string, route: string, status: number, ms: number): void;
  /** Lets a route's series exist before its first request. */
  announce(method: string, route: string): void;
}

/** The status codes that AccuBooks watches. */
const watched = ['200', '400', '401', '403', '500', '503'] as const;

export function createHttpMetrics(registry: Registry, windowMs: number): HttpMetrics {
  const requests = createSlidingWindow(windowMs);
  const labelNames = ['method', 'route', 'status_code'] as const;
  const duration = new Histogram({
    name: 'http_request_duration_ms',
    help: 'Duration of HTTP requests in ms',
    labelNames,
    buckets: [10, 50, 100, 200, 500, 1000, 2000, 5000],
    registers: [registry],
  });
  const total = new Counter({ name: 'http_requests_total', help: 'Total number of HTTP requests', labelNames, registers: [registry] });
  const seenErrors = new Set<string>(watched.filter((code) => code >= '400'));
  new Gauge({
    name: 'http_error_rate',
    help: `HTTP error rate (percentage of the requests of the last ${String(windowMs / 1000)} s)`,
    labelNames: ['status_code'],
    registers: [registry],
    collect() {
      const counts = requests.totals();
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      for (const code of counts.keys()) if (code >= '400') seenErrors.add(code);
      for (const code of seenErrors) this.set({ status_code: code }, all === 0 ? 0 : (100 * (counts.get(code) ?? 0)) / all);
    },
  });
  return {
    observe: (method, route, status, ms) => {
      const labels = { method, route, status_code: String(status) };
      duration.observe(labels, ms);
      total.inc(labels);
      requests.add(labels.status_code);
    },
    // rate() and increase() cannot see a counter's step from "not there" to 1: the first error of a route would be lost on every alert.
    announce: (method, route) => {
      duration.zero({ method, route, status_code: '200' });
      for (const code of watched) total.inc({ method, route, status_code: code }, 0);
    },
  };
}
