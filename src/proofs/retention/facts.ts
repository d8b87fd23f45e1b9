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

const disk = z.strictObject({
  /** Every value that the gate's query for the free bytes brought. */
  freeBytes: z.array(z.number()).readonly(),
  /** What the blocks on it take already. */
  storedBytes: z.number().optional(),
});

const ingestion = z.strictObject({
  /** The server's own count of samples stored, read twice. */
  samplesBefore: z.number(),
  samplesAfter: z.number(),
  betweenMs: z.number(),
  /** What the last scrape of every target brought, divided by its interval. */
  scrapedPerSecond: z.number(),
});

const victoriaMetrics = z.strictObject({
  /** What the samples stored so far take on disk, without their index, and how many they are. */
  dataBytes: z.number().optional(),
  samples: z.number().optional(),
  freeBytes: z.number().optional(),
  /** With less than this free it takes no more samples. */
  readOnlyBelowBytes: z.number().optional(),
});

export const retentionFacts = z.strictObject({
  version: z.string(),
  /** As Prometheus prints it: `30d`, `512MiB`, `30d or 512MiB`; as VictoriaMetrics was given it: `1` for a month, `30d`. */
  retention: z.string(),
  /** The flags of its storage, as it prints them. */
  flags: z.record(z.string(), z.string()).readonly(),
  clocks: recordedClocks,
  /** From its own metrics page; absent when that cannot be read. */
  ownMetrics: ownMetrics.optional(),
  /** Only there when the server is a VictoriaMetrics. */
  victoriaMetrics: victoriaMetrics.optional(),
  /** Absent when the gate does not say how the disk is seen. */
  disk: disk.optional(),
  ingestion: ingestion.optional(),
});
export type RetentionFacts = Readonly<z.infer<typeof retentionFacts>>;
