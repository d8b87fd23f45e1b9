import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { alertFacts } from './alert/facts.ts';
import { judge } from './alert/judge.ts';
import { alertMutants } from './alert/mutants.ts';
import { observe } from './alert/observe.ts';
import { requirement } from './alert/requirement.ts';
import { alertTouches } from './alert/touches.ts';
import { restsOn } from './alert/rests-on.ts';
import { wants } from './alert/wants.ts';
import { timelines } from './alert/timelines.ts';

/** An alert, from the loaded rule to the people: would it fire, does it, and does it reach them? */
export default defineProof({
  kind: 'alert',
  summary: 'An alert is loaded, fires when it must and only then, is routed, and is read back from every channel.',
  ladder: ladders.alert,
  defaultGrade: 'delivered',
  requirement,
  facts: alertFacts,
  observe,
  judge,
  touches: alertTouches,
  leads: ({ receivers, channels }) => ({ receivers, channels }),
  restsOn,
  mutants: alertMutants,
  wants,
  timelines,
});
