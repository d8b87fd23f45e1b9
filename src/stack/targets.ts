import { z } from 'zod';
import type { Labels, Series, Target } from './prometheus.ts';

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

export function targetsOf(job: string, targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ labels }) => labels['job'] === job);
}

function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
