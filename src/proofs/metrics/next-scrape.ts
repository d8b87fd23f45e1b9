import { eventually } from '../../base/eventually.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { readClocks } from '../../stack/clocks.ts';
import { formatSeries } from '../../stack/exposition/sample.ts';
import type { Target } from '../../stack/prometheus.ts';
import { seriesOf } from '../../stack/targets.ts';

/**
 * Waits until every target was scraped, with success, from now on, and returns that "now" by Prometheus' clock;
 * undefined when it takes too long or there is no target.
 * All samples of a scrape are stored at once with its `up`: a series that then is not there was not on the page.
 */
export async function nextScrape(
  job: string,
  targets: readonly Target[],
  intervalMs: number,
  context: ProofContext,
): Promise<number | undefined> {
  const { clock, signal } = context;
  const prometheus = context.prometheus();
  if (targets.length === 0) return undefined;
  const { prometheusMs: sinceMs } = await readClocks(prometheus, clock, signal);
  const selector = formatSeries({ name: 'up', labels: { job } });
  const { newSeriesMs } = await prometheus.delays(signal);
  context.progress(`waiting for the next scrape of ${job}`);
  return await eventually(
    async () => {
      const up = await prometheus.rawSamples(selector, 3 * intervalMs, signal);
      const isScraped = (target: Target): boolean =>
        seriesOf(target, up).some(({ samples }) => samples.some(([time, value]) => time >= sinceMs && value === 1));
      return targets.every(isScraped) ? sinceMs : undefined;
    },
    { clock, signal, withinMs: 2 * intervalMs + 2_000 + newSeriesMs, everyMs: Math.min(1_000, Math.max(100, intervalMs / 10)) },
  );
}
