import { eventually } from '../../base/eventually.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { readClocks } from '../../stack/clocks.ts';
import { formatSeries } from '../../stack/exposition/sample.ts';
import type { Target } from '../../stack/prometheus.ts';
import { discoverTargets, seriesOf, targetsOf } from '../../stack/targets.ts';
import type { ScrapeFacts, ScrapeHistory } from './facts.ts';
import type { ScrapeRequirement } from './requirement.ts';

/** Time beyond the gaps themselves for the last scrape to be finished and stored. */
const storedWithinMs = 2_000;

/** Reads the targets of a job and their latest scrapes; waits, for little more than the gaps take, until there are enough. */
export async function observeScrape(requirement: ScrapeRequirement, context: ProofContext): Promise<ScrapeFacts> {
  const { clock, signal } = context;
  const { job } = requirement;
  const prometheus = context.prometheus();
  const found = await discoverTargets(prometheus, job, context);
  const history = found.length === 0 || context.grade === 'configured' ? undefined : await observeHistory(requirement, found, context);
  const [clocks, targets] = await Promise.all([readClocks(prometheus, clock, signal), prometheus.targets(signal)]);
  return { clocks, targets: targetsOf(job, targets), pools: poolsOf(targets), ...(history === undefined ? {} : { history }) };
}

function poolsOf(targets: readonly Target[]): ScrapeFacts['pools'] {
  const pools = targets.map(({ scrapePool, labels }) => ({ scrapePool, job: labels['job'] ?? '' }));
  return [...new Map(pools.map((pool) => [JSON.stringify(pool), pool])).values()];
}

async function observeHistory(
  { job, interval, over }: ScrapeRequirement,
  targets: readonly Target[],
  context: ProofContext,
): Promise<ScrapeHistory> {
  const { clock, signal } = context;
  const prometheus = context.prometheus();
  const configuredMs = Math.max(...targets.map(({ scrapeIntervalMs = interval }) => scrapeIntervalMs));
  // Wide enough to show the real gaps also where the configured interval is longer; then waiting would change nothing.
  const windowMs = (over + 2) * Math.max(interval, configuredMs);
  const withinMs = configuredMs > interval ? 0 : windowMs + storedWithinMs + (await prometheus.delays(signal)).newSeriesMs;
  const read = (name: string) => prometheus.rawSamples(formatSeries({ name, labels: { job } }), windowMs, signal);
  const startedMs = clock.monotonicMs();
  await eventually(
    async () => {
      const up = await read('up');
      if (targets.every((target) => seriesOf(target, up).some(({ samples }) => samples.length > over))) return up;
      context.progress(`waiting until Prometheus has scraped ${job} ${String(over + 1)} times`);
      return undefined;
    },
    { clock, signal, withinMs, everyMs: Math.min(5_000, Math.max(250, interval / 4)) },
  );
  const waitedMs = Math.round(clock.monotonicMs() - startedMs);
  const [up, samplesScraped] = await Promise.all([read('up'), read('scrape_samples_scraped')]);
  return { windowMs, waitedMs, up, samplesScraped };
}
