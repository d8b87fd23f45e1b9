import { Fault } from '../../base/fault.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { readClocks } from '../../stack/clocks.ts';
import { parseExposition, type Exposition } from '../../stack/exposition.ts';
import type { ExposedSample } from '../../stack/exposition/sample.ts';
import type { Labels, Prometheus } from '../../stack/prometheus.ts';
import { seriesOf } from '../../stack/targets.ts';
import { victoriaMetricsOn } from '../../stack/victoria-metrics.ts';
import type { RetentionFacts } from './facts.ts';
import type { RetentionRequirement } from './requirement.ts';

/** Two scrapes of the slowest target are a fair sample of the rate; longer than a minute nobody should wait for it. */
const shortestMeasureMs = 2_000;
const longestMeasureMs = 60_000;

/** What Prometheus adds to every scrape: `up` and four `scrape_…` samples; VictoriaMetrics adds one or two more. */
const samplesOfScrape = 5;

/** Reads what Prometheus says of its storage, and measures how fast samples come in. */
export async function observeRetention({ diskFree }: RetentionRequirement, context: ProofContext): Promise<RetentionFacts> {
  const { clock, signal } = context;
  const prometheus = context.prometheus();
  const page = await readOwnMetrics(prometheus, signal);
  const victoriaMetrics = page && victoriaMetricsOn(page);
  if (page !== undefined && victoriaMetrics !== undefined) return await observeVictoriaMetrics(page, victoriaMetrics, context);
  const [version, storage] = await Promise.all([prometheus.version(signal), prometheus.storage(signal)]);
  const appended = 'prometheus_tsdb_head_samples_appended_total';
  const ingestion = page === undefined || context.grade === 'configured' ? undefined : await measureIngestion(appended, context);
  return {
    version,
    retention: storage.retention,
    flags: storageFlags(storage.flags),
    clocks: await readClocks(prometheus, clock, signal),
    ...(page === undefined ? {} : { ownMetrics: ownMetricsOf(page) }),
    ...(diskFree === undefined ? {} : { disk: await observeDisk(diskFree, page, context) }),
    ...(ingestion === undefined ? {} : { ingestion }),
  };
}

/** Those of Prometheus' flags that say how long it keeps samples. */
export function storageFlags(flags: Labels): Labels {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => name.startsWith('storage.tsdb.') || name === 'enable-feature'));
}

async function observeDisk(
  query: string,
  page: Exposition | undefined,
  { signal, ...context }: ProofContext,
): Promise<RetentionFacts['disk']> {
  const free = await context.prometheus().instant(query, signal);
  const stored = page && sumOf(page, 'prometheus_tsdb_storage_blocks_bytes');
  return {
    freeBytes: free.map(({ samples }) => Number(samples[0]?.[1])).filter(Number.isFinite),
    ...(stored === undefined ? {} : { storedBytes: stored }),
  };
}

/** VictoriaMetrics shows its flags and its disk on its own page, and has no limit of size. */
async function observeVictoriaMetrics(
  page: Exposition,
  { version, flags }: NonNullable<ReturnType<typeof victoriaMetricsOn>>,
  context: ProofContext,
): Promise<RetentionFacts> {
  const storageOf = (family: string) => sumOf(page, family, ({ labels }) => labels['type']?.startsWith('storage/') === true);
  const ingestion = context.grade === 'configured' ? undefined : await measureIngestion('vm_rows_added_to_storage_total', context);
  return {
    version,
    retention: flags['retentionPeriod'] ?? '',
    flags: Object.fromEntries(Object.entries(flags).filter(([name]) => /^(?:retention|downsampling\.)/.test(name))),
    clocks: await readClocks(context.prometheus(), context.clock, context.signal),
    victoriaMetrics: {
      dataBytes: storageOf('vm_data_size_bytes'),
      samples: storageOf('vm_rows'),
      freeBytes: sumOf(page, 'vm_free_disk_space_bytes'),
      readOnlyBelowBytes: sumOf(page, 'vm_free_disk_space_limit_bytes'),
    },
    ...(ingestion === undefined ? {} : { ingestion }),
  };
}

/** Undefined where the page is kept from us, as by a proxy that passes the API alone: a limit can still be judged without it. */
export async function readOwnMetrics(prometheus: Prometheus, signal: AbortSignal): Promise<Exposition | undefined> {
  try {
    return parseExposition(await prometheus.ownMetrics(signal));
  } catch (error) {
    if (error instanceof Fault && error.code !== 'stack/unreachable') return undefined;
    throw error;
  }
}

function ownMetricsOf(page: Exposition): NonNullable<RetentionFacts['ownMetrics']> {
  const oldest = sumOf(page, 'prometheus_tsdb_lowest_timestamp_seconds');
  return {
    limitSeconds: sumOf(page, 'prometheus_tsdb_retention_limit_seconds'),
    limitBytes: sumOf(page, 'prometheus_tsdb_retention_limit_bytes'),
    chunkBytes: sumOf(page, 'prometheus_tsdb_compaction_chunk_size_bytes_sum'),
    chunkSamples: sumOf(page, 'prometheus_tsdb_compaction_chunk_samples_sum'),
    oldestMs: oldest === undefined ? undefined : oldest * 1_000,
  };
}

/** All samples of that name added up; undefined when there is none. */
function sumOf({ families }: Exposition, name: string, isMeant: (sample: ExposedSample) => boolean = () => true): number | undefined {
  const meant = families.flatMap(({ samples }) => samples.filter((sample) => sample.name === name && isMeant(sample)));
  const values = meant.map(({ value }) => Number(value));
  const sum = values.reduce((total, value) => total + value, 0);
  return values.length === 0 || !Number.isFinite(sum) ? undefined : sum;
}

/** Reads the server's own counter of stored samples twice. */
async function measureIngestion(counter: string, context: ProofContext): Promise<RetentionFacts['ingestion']> {
  const { clock, signal } = context;
  const prometheus = context.prometheus();
  const read = async () => {
    const page = await readOwnMetrics(prometheus, signal);
    return { samples: page && sumOf(page, counter), atMs: clock.monotonicMs() };
  };
  const [targets, scraped] = await Promise.all([
    prometheus.targets(signal),
    prometheus.instant('scrape_samples_post_metric_relabeling', signal),
  ]);
  const slowestMs = Math.max(0, ...targets.map(({ scrapeIntervalMs = 0 }) => scrapeIntervalMs));
  const measureMs = Math.min(longestMeasureMs, Math.max(shortestMeasureMs, 2 * slowestMs));
  const before = await read();
  context.progress(`measuring for ${String(measureMs / 1_000)} s how fast samples come in`);
  await clock.sleep(measureMs, signal);
  const after = await read();
  if (before.samples === undefined || after.samples === undefined) return undefined;
  const scrapedPerSecond = targets.reduce((sum, target) => {
    const brought = Number(seriesOf(target, scraped)[0]?.samples[0]?.[1] ?? 0) + samplesOfScrape;
    return target.scrapeIntervalMs === undefined ? sum : sum + (brought * 1_000) / target.scrapeIntervalMs;
  }, 0);
  return { samplesBefore: before.samples, samplesAfter: after.samples, betweenMs: Math.round(after.atMs - before.atMs), scrapedPerSecond };
}
