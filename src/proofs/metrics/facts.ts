import { z } from 'zod';
import { outcome } from '../../check/outcome.ts';
import { recordedClocks } from '../../stack/clocks.ts';
import { recordedSeries } from '../../stack/samples.ts';
import { recordedTarget } from '../../stack/targets.ts';

const sample = z.strictObject({
  name: z.string(),
  labels: z.record(z.string(), z.string()).readonly(),
  value: z.union([z.number(), z.string()]),
  timestampMs: z.number().optional(),
});

/** One look at a metrics page of the app itself. */
const page = z.strictObject({
  url: z.string(),
  /** Absent when the page could not be fetched: then `failure` says why. */
  status: z.number().optional(),
  failure: z.string().optional(),
  contentType: z.string().optional(),
  /** Those of the item's metrics that are on it. */
  families: z
    .array(z.strictObject({ name: z.string(), type: z.string(), help: z.string().optional(), samples: z.array(sample).readonly() }))
    .readonly(),
  /** The names and types of all metrics on it. */
  names: z.array(z.strictObject({ name: z.string(), type: z.string() })).readonly(),
  /** The first lines that break the format, and how many do. */
  malformed: z.array(z.strictObject({ line: z.number(), text: z.string(), says: z.string() })).readonly(),
  malformedLines: z.number(),
});
export type Page = Readonly<z.infer<typeof page>>;

/** What Prometheus holds of one metric. */
const stored = z.strictObject({
  metric: z.string(),
  /** The raw samples of the last `windowMs` that carry the job. */
  series: z.array(recordedSeries).readonly(),
  /** How many of its series are current: neither too old nor marked as ended. */
  current: z.number(),
  /** When there are none in the window: the time of the last one that Prometheus has, within `searchedMs`. */
  lastMs: z.number().min(0).max(8.64e15).optional(),
  /** Other jobs that have this metric. */
  otherJobs: z.array(z.string()).readonly(),
});
export type StoredMetric = Readonly<z.infer<typeof stored>>;

const scraped = z.strictObject({
  clocks: recordedClocks,
  windowMs: z.number(),
  searchedMs: z.number(),
  /** The raw samples of `up`, one for each scrape, read before those of the metrics: no scrape that is in it can be missing there. */
  up: z.array(recordedSeries).readonly(),
  metrics: z.array(stored).readonly(),
  /** The names of all metrics that Prometheus has of the job. */
  names: z.array(z.string()).readonly(),
});
export type Scraped = Readonly<z.infer<typeof scraped>>;

const move = z.strictObject({
  series: z.string(),
  /** The raw samples before the stimulus, and from the last of them on until the end of the wait. */
  before: z.array(recordedSeries).readonly(),
  after: z.array(recordedSeries).readonly(),
  /** What the app's own pages said, all matching samples added up; absent when it was on no page. */
  pageBefore: z.number().optional(),
  pageAfter: z.number().optional(),
});
export type MoveFacts = Readonly<z.infer<typeof move>>;

const responsive = z.strictObject({
  /**
   * By Prometheus' clock: from here on until the stimulus every target was scraped with success, so a series without a sample
   * since then did not exist. Absent when that was waited for in vain.
   */
  baselineMs: z.number().optional(),
  runs: z.array(z.strictObject({ startedAt: z.string(), durationMs: z.number(), outcome })).readonly(),
  /** How long we looked for the moves, after the last run. */
  waitedMs: z.number(),
  /** How long it was waited for at most; absent where the requirement and the interval alone tell it. */
  allowedMs: z.number().optional(),
  moves: z.array(move).readonly(),
});
export type Responsive = Readonly<z.infer<typeof responsive>>;

export const metricsFacts = z.strictObject({
  /** The targets of the job. */
  targets: z.array(recordedTarget).readonly(),
  pages: z.array(page).readonly(),
  /** Absent when only the pages were asked for. */
  scraped: scraped.optional(),
  /** Absent unless the grade `responsive` is asked for. */
  responsive: responsive.optional(),
});
export type MetricsFacts = Readonly<z.infer<typeof metricsFacts>>;
