import { z } from 'zod';
import { recordedClocks } from '../../stack/clocks.ts';
import { recordedSeries } from '../../stack/samples.ts';
import { recordedTarget } from '../../stack/targets.ts';

const history = z.strictObject({
  /** How far back the samples reach. */
  windowMs: z.number(),
  /** How long we waited for enough of them. */
  waitedMs: z.number(),
  /** The raw samples of `up` and of `scrape_samples_scraped`: Prometheus writes one of each with every scrape. */
  up: z.array(recordedSeries).readonly(),
  samplesScraped: z.array(recordedSeries).readonly(),
});
export type ScrapeHistory = Readonly<z.infer<typeof history>>;

export const scrapeFacts = z.strictObject({
  clocks: recordedClocks,
  /** The targets of the job. */
  targets: z.array(recordedTarget).readonly(),
  /** Every pool of targets that there is, and the job label that its targets carry. */
  pools: z.array(z.strictObject({ scrapePool: z.string(), job: z.string() })).readonly(),
  /** Absent when there was no target to look at, or only the configuration was asked for. */
  history: history.optional(),
});
export type ScrapeFacts = Readonly<z.infer<typeof scrapeFacts>>;
