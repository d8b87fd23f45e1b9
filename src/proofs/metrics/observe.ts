import { Fault } from '../../base/fault.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { discoverTargets } from '../../stack/targets.ts';
import type { MetricsFacts } from './facts.ts';
import { observeMoves } from './observe-moves.ts';
import { observeScraped } from './observe-scraped.ts';
import { readPages } from './pages.ts';
import type { MetricsRequirement } from './requirement.ts';

/**
 * Makes the stimulus first, if there is one: a counter of something that never happened is on no page,
 * and what it brings about can then be seen on the page and in Prometheus.
 */
export async function observeMetrics(requirement: MetricsRequirement, context: ProofContext): Promise<MetricsFacts> {
  const { grade, signal } = context;
  if (requirement.moves !== undefined && grade !== 'responsive') {
    throw new Fault(
      'config/bad-value',
      `the item says what must move, but asks only for the grade "${grade}", for which nothing is moved`,
      {
        hint: 'write "grade: responsive", or take "stimulus" and "moves" out',
      },
    );
  }
  const targets = await discoverTargets(context.prometheus(), requirement.job, context);
  const responsive = requirement.moves === undefined ? undefined : await observeMoves(requirement, requirement.moves, targets, context);
  const pages = await readPages(requirement, targets, signal);
  const scraped = grade === 'exported' ? undefined : await observeScraped(requirement, targets, pages, context);
  return {
    targets,
    pages,
    ...(scraped === undefined ? {} : { scraped }),
    ...(responsive === undefined ? {} : { responsive }),
  };
}
