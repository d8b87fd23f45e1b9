import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { FinishedJob, ForecastQueue } from '../forecast/queue.ts';

export interface QueueMetrics {
  finished(job: FinishedJob): void;
  miscalculated(): void;
  watch(queue: ForecastQueue): void;
}

export function createQueueMetrics(registry: Registry, windowMs: number): QueueMetrics {
  const registers = [registry];
  const startedMs = performance.now();
  let recent: FinishedJob[] = [];
  const duration = new Histogram({
    name: 'forecast_job_duration_seconds',
    help: 'Forecast job processing duration in seconds',
    buckets: [1, 2, 5, 8, 10, 15, 20, 30, 60],
    registers,
  });
  const jobs = new Counter({ name: 'forecast_jobs_total', help: 'Forecast jobs that ended', labelNames: ['result'], registers });
  const errors = new Counter({ name: 'calculation_errors_total', help: 'Forecasts whose numbers contradict themselves', registers });
  // A failure rate is a ratio of these two: it must be 0 and not absent before the first failure.
  for (const result of ['succeeded', 'failed']) jobs.inc({ result }, 0);

  const busyMs = (fromMs: number, nowMs: number, runningSinceMs: readonly number[]): number => {
    recent = recent.filter((job) => job.endedMs > fromMs);
    const spans = [...recent, ...runningSinceMs.map((since) => ({ startedMs: since, endedMs: nowMs }))];
    return spans.reduce((sum, span) => sum + span.endedMs - Math.max(span.startedMs, fromMs), 0);
  };

  return {
    finished: (job) => {
      recent.push(job);
      duration.observe((job.endedMs - job.startedMs) / 1000);
      jobs.inc({ result: job.result });
      // Nobody may ever scrape: what has left the window is dropped here too.
      if (recent.length > 10_000) recent = recent.filter(({ endedMs }) => endedMs > job.endedMs - windowMs);
    },
    miscalculated: () => errors.inc(),
    watch: (queue) => {
      new Gauge({
        name: 'forecast_queue_depth',
        help: 'Number of jobs waiting in forecast queue',
        registers,
        collect() {
          this.set(queue.depth());
        },
      });
      new Gauge({
        name: 'forecast_worker_utilization_percent',
        help: `Forecast worker utilization percentage over the last ${String(windowMs / 1000)} s`,
        registers,
        collect() {
          const nowMs = performance.now();
          const fromMs = Math.max(nowMs - windowMs, startedMs);
          this.set((100 * busyMs(fromMs, nowMs, queue.runningSinceMs())) / (queue.workers * Math.max(nowMs - fromMs, 1)));
        },
      });
    },
  };
}
