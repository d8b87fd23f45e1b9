import { Fault } from '../../base/fault.ts';
import { parseExposition, type ExposedFamily } from '../../stack/exposition.ts';
import { exchange } from '../../base/exchange.ts';
import type { Labels, Target } from '../../stack/prometheus.ts';
import type { Page } from './facts.ts';
import type { MetricsRequirement } from './requirement.ts';
import { shortened } from '../../base/shortened.ts';

/** The format that is read here; without it an app may answer in another one. */
const accept = 'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';

const mostMalformedLines = 5;
const longestLine = 200;

/** Fetches the app's own metrics page, of every target. What cannot be fetched is recorded with the reason. */
export async function readPages(
  requirement: MetricsRequirement,
  targets: readonly Target[],
  signal: AbortSignal,
): Promise<readonly Page[]> {
  const urls = requirement.exposition === undefined ? targets.map(({ scrapeUrl }) => scrapeUrl) : [requirement.exposition];
  return await Promise.all([...new Set(urls)].map((url) => readPage(url, requirement, signal)));
}

async function readPage(url: string, { metrics }: MetricsRequirement, signal: AbortSignal): Promise<Page> {
  const nothing = { url, families: [], names: [], malformed: [], malformedLines: 0 };
  try {
    const { status, contentType, text } = await exchange({ method: 'GET', url, headers: { accept } }, signal);
    if (status < 200 || status > 299) return { ...nothing, status, contentType };
    const { families, malformed } = parseExposition(text, contentType);
    return {
      url,
      status,
      contentType,
      families: metrics.flatMap(({ name }) => familyNamed(name, families) ?? []),
      names: families.map(({ name, type }) => ({ name, type })),
      malformed: malformed.slice(0, mostMalformedLines).map((each) => ({ ...each, text: shortened(each.text, longestLine) })),
      malformedLines: malformed.length,
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...nothing, failure: error.message };
  }
}

/** OpenMetrics announces `forecasts_total` as the counter `forecasts`. */
function familyNamed(name: string, families: readonly ExposedFamily[]): ExposedFamily | undefined {
  const family = families.find((each) => each.name === name);
  if (family !== undefined) return family;
  const counter = families.find((each) => each.type === 'counter' && `${each.name}_total` === name);
  const samples = counter?.samples.filter((sample) => sample.name === name) ?? [];
  return counter === undefined || samples.length === 0 ? undefined : { ...counter, name, samples };
}

/**
 * All samples of one series on the pages, added up; undefined when it is on none of them.
 * Labels that only Prometheus gives (job, instance) are on no page and are passed over.
 */
export function sumOnPages(
  pages: readonly Page[],
  series: { readonly name: string; readonly labels: Labels },
  targets: readonly Target[],
): number | undefined {
  const given = new Set(targets.flatMap(({ labels }) => Object.keys(labels)));
  const wanted = Object.entries(series.labels).filter(([label]) => !given.has(label) && label !== 'job');
  const values = pages
    .flatMap(({ families }) => families.flatMap(({ samples }) => samples))
    .filter(({ name, labels }) => name === series.name && wanted.every(([label, value]) => labels[label] === value))
    .map(({ value }) => Number(value));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
