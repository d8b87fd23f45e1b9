import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { Grade } from '../../gate/grade.ts';
import { judgeArriving } from './arriving.ts';
import { judgeConfigured } from './configured.ts';
import type { WatchdogFacts } from './facts.ts';
import { judgeNoticed } from './noticed.ts';
import type { WatchdogRequirement } from './requirement.ts';
import type { Troubled } from '../../base/trouble.ts';

/** Would anybody outside notice if all of the monitoring were gone? Rung by rung. */
export function judgeWatchdog(requirement: WatchdogRequirement, facts: WatchdogFacts): readonly Finding[] {
  const { deadMan, arriving, noticed } = facts;
  const troubled = (rung: Grade, { trouble }: Troubled): Finding =>
    findingsOn(requirement.rule, rung).unknown(`could not be looked at: ${trouble.says}`, trouble.hint);
  return [
    ...judgeConfigured(requirement, facts),
    ...(arriving === undefined || 'trouble' in deadMan
      ? []
      : ['trouble' in arriving ? troubled('arriving', arriving) : judgeArriving(requirement, deadMan, arriving)]),
    ...(noticed === undefined ? [] : 'trouble' in noticed ? [troubled('noticed', noticed)] : judgeNoticed(requirement, noticed)),
  ];
}
