import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { alertFacts } from './alert/facts.ts';
import { judge } from './alert/judge.ts';
import { alertMutants } from './alert/mutants.ts';
import { requirement } from './alert/requirement.ts';
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
  observe: async (...given) => (await import('./alert/observe.ts')).observe(...given),
  judge,
  touches: async (...given) => (await import('./alert/touches.ts')).alertTouches(...given),
  leads: ({ receivers, channels }) => ({ receivers, channels }),
  restsOn: async (...given) => (await import('./alert/rests-on.ts')).restsOn(...given),
  mutants: alertMutants,
  wants,
  timelines,
});
