import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { eventually } from '../base/eventually.ts';
import type { Labels, Prometheus, Series, Target } from './prometheus.ts';

/** A target as it stands in recorded facts. */
export const recordedTarget = z
  .strictObject({
    labels: z.record(z.string(), z.string()).readonly(),
    scrapePool: z.string(),
    scrapeUrl: z.string(),
    health: z.string(),
    lastError: z.string(),
    lastScrape: z.string(),
    scrapeIntervalMs: z.number().optional(),
  })
  .readonly();

/** How people know a target: by its `instance`, or by its address where relabelling has taken that away. */
export function nameOf(target: Target): string {
  return target.labels['instance'] ?? target.scrapeUrl;
}

/** The series that a scrape of this target made, all having the target's labels. */
export function seriesOf(target: Target, series: readonly Series[]): readonly Series[] {
  return series.filter(({ labels }) => carries(labels, target.labels));
}

/** Prometheus looks for changed targets every 5 s: a job that is not there now may be there a moment later. */
const discoveredWithinMs = 6_000;

/** The targets of a job, waited for while Prometheus may not have discovered them yet; none when it has none. */
export async function discoverTargets(
  prometheus: Prometheus,
  job: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly Target[]> {
  const found = await eventually(
    async () => {
      const targets = targetsOf(job, await prometheus.targets(signal));
      return targets.length === 0 ? undefined : targets;
    },
    { clock, signal, withinMs: discoveredWithinMs, everyMs: 500 },
  );
  return found ?? [];
}

export function targetsOf(job: string, targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ labels }) => labels['job'] === job);
}

function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
