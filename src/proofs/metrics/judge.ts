import type { Finding } from '../../gate/finding.ts';
import { judgeExported, judgePages } from './exported.ts';
import type { MetricsFacts } from './facts.ts';
import type { MetricsRequirement } from './requirement.ts';
import { judgeResponsive } from './responsive.ts';
import { judgeScraped } from './scraped.ts';

/** Judges every metric as a subject of its own, and a metrics page that breaks the format as one more. */
export function judgeMetrics(requirement: MetricsRequirement, facts: MetricsFacts): readonly Finding[] {
  return [
    ...judgePages(facts.pages),
    ...requirement.metrics.flatMap((metric) => [
      ...judgeExported(metric, requirement, facts),
      ...judgeScraped(metric, requirement, facts),
      ...judgeResponsive(metric, requirement, facts),
    ]),
  ];
}
