import type { ProofContext } from '../../../gate/proof.ts';
import type { Rule } from '../loaded/facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import { readSeries } from './input-series.ts';

export interface Scrapes {
  /** How often the real series get a sample: the slowest target of the jobs that the situations name. */
  readonly scrapeEveryMs: number;
  /** Labels that series get from their target and not from the application. */
  readonly targetLabels: ReadonlySet<string>;
}

/** When no target of these jobs is known: what most configurations say. */
const usualMs = 15_000;

export async function observeScrapes({ firesWhen, silentWhen }: AlertRequirement, rule: Rule, context: ProofContext): Promise<Scrapes> {
  const targets = await context.prometheus().targets(context.signal);
  const stimuli = [...firesWhen, ...silentWhen].flatMap(({ series }) => series);
  const jobs = new Set(stimuli.map(({ series }) => readSeries(series).labels['job']));
  const intervals = targets.flatMap(({ labels, scrapeIntervalMs }) => (jobs.has(labels['job']) ? (scrapeIntervalMs ?? []) : []));
  return {
    scrapeEveryMs: intervals.length > 0 ? Math.max(...intervals) : Math.min(usualMs, rule.groupIntervalMs),
    targetLabels: new Set(['job', 'instance', ...targets.flatMap(({ labels }) => Object.keys(labels))]),
  };
}
