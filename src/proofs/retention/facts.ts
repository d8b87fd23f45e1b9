import { z } from 'zod';
import { recordedClocks } from '../../stack/clocks.ts';

const ownMetrics = z.strictObject({
  /** Limits in force, where this version tells them; 0 stands for no limit. */
  limitSeconds: z.number().optional(),
  limitBytes: z.number().optional(),
  /** What all chunks written so far took, and how many samples were in them. */
  chunkBytes: z.number().optional(),
  chunkSamples: z.number().optional(),
  /** The time of the oldest sample there is. */
  oldestMs: z.number().optional(),
});

const ingestion = z.strictObject({
  /** `prometheus_tsdb_head_samples_appended_total`, read twice. */
  samplesBefore: z.number(),
  samplesAfter: z.number(),
  betweenMs: z.number(),
  /** What the last scrape of every target brought, divided by its interval. */
  scrapedPerSecond: z.number(),
});

export const retentionFacts = z.strictObject({
  version: z.string(),
  /** As Prometheus prints it: `30d`, `512MiB`, `30d or 512MiB`. */
  retention: z.string(),
  /** The flags of its storage, as it prints them. */
  flags: z.record(z.string(), z.string()).readonly(),
  clocks: recordedClocks,
  /** From its own metrics page; absent when that cannot be read. */
  ownMetrics: ownMetrics.optional(),
  ingestion: ingestion.optional(),
});
export type RetentionFacts = Readonly<z.infer<typeof retentionFacts>>;
