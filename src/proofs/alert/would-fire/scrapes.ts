import type { ProofContext } from '../../../gate/proof.ts';
import type { Rule } from '../loaded/facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { Scrapes } from './facts.ts';
import { readSeries } from './input-series.ts';

/** What most configurations say. */
const usualMs = 15_000;

/** How the series of the gate's situations are scraped, the slowest of them deciding, and which labels every series gets from its target. */
export async function observeScrapes(
  { firesWhen, silentWhen }: AlertRequirement,
  rule: Rule,
  context: Pick<ProofContext, 'prometheus' | 'signal'>,
): Promise<{ readonly scrapes: Scrapes; readonly targetLabels: ReadonlySet<string> }> {
  const targets = await context.prometheus().targets(context.signal);
  const stimuli = [...firesWhen, ...silentWhen].flatMap(({ series }) => series);
  const jobs = new Set(stimuli.map(({ series }) => readSeries(series).labels['job']));
  const intervals = targets.flatMap(({ labels, scrapeIntervalMs }) => (jobs.has(labels['job']) ? (scrapeIntervalMs ?? []) : []));
  return {
    scrapes:
      intervals.length > 0
        ? { everyMs: Math.max(...intervals), from: 'targets' }
        : { everyMs: Math.min(usualMs, rule.groupIntervalMs), from: 'assumption' },
    targetLabels: new Set(['job', 'instance', ...targets.flatMap(({ labels }) => Object.keys(labels))]),
  };
}
