import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { watchdogFacts } from './watchdog/facts.ts';
import { judgeWatchdog } from './watchdog/judge.ts';
import { watchdogMutants } from './watchdog/mutants.ts';
import { watchdogRequirement } from './watchdog/requirement.ts';
import { timelines } from './watchdog/timelines.ts';

export default defineProof({
  kind: 'watchdog',
  summary: "An alert that always fires keeps a dead-man's switch quiet, and its silence is noticed from outside.",
  ladder: ladders.watchdog,
  defaultGrade: 'noticed',
  requirement: watchdogRequirement,
  facts: watchdogFacts,
  observe: async (...given) => (await import('./watchdog/observe.ts')).observeWatchdog(...given),
  judge: judgeWatchdog,
  touches: async (...given) => (await import('./watchdog/touches.ts')).watchdogTouches(...given),
  restsOn: async (...given) => (await import('./watchdog/rests-on.ts')).restsOnWatchdog(...given),
  mutants: watchdogMutants,
  wants: ({ rule, receiver, noticedWithin }) => ({ watchdog: { rule, receiver, noticedWithinMs: noticedWithin } }),
  timelines,
});
