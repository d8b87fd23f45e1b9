import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { watchdogFacts } from './watchdog/facts.ts';
import { judgeWatchdog } from './watchdog/judge.ts';
import { watchdogMutants } from './watchdog/mutants.ts';
import { observeWatchdog } from './watchdog/observe.ts';
import { watchdogRequirement } from './watchdog/requirement.ts';
import { watchdogTouches } from './watchdog/touches.ts';
import { restsOnWatchdog } from './watchdog/rests-on.ts';
import { timelines } from './watchdog/timelines.ts';

export default defineProof({
  kind: 'watchdog',
  summary: "An alert that always fires keeps a dead-man's switch quiet, and its silence is noticed from outside.",
  ladder: ladders.watchdog,
  defaultGrade: 'noticed',
  requirement: watchdogRequirement,
  facts: watchdogFacts,
  observe: observeWatchdog,
  judge: judgeWatchdog,
  touches: watchdogTouches,
  restsOn: restsOnWatchdog,
  mutants: watchdogMutants,
  wants: ({ rule, receiver, noticedWithin }) => ({ watchdog: { rule, receiver, noticedWithinMs: noticedWithin } }),
  timelines,
});
