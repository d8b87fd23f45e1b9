import { z } from 'zod';
import { ladders } from '../../gate/grade.ts';
import { deliveredFacts } from './delivered/facts.ts';
import { firedFacts } from './fired/facts.ts';
import { loadedFacts } from './loaded/facts.ts';
import { routedFacts } from './routed/facts.ts';
import { orTroubled } from '../../base/trouble.ts';
import { liveSelectors, wouldFireFacts } from './would-fire/facts.ts';

/** Everything that was seen of one alert, rung by rung. What stands behind a refuted rung is not looked at and is absent. */
export const alertFacts = z.strictObject({
  /** How far the gate asked to look. */
  grade: z.enum(ladders.alert),
  loaded: loadedFacts,
  /** What Prometheus has now of the series that the rule asks for. */
  live: orTroubled(liveSelectors).optional(),
  wouldFire: orTroubled(wouldFireFacts).optional(),
  routed: orTroubled(routedFacts).optional(),
  delivered: deliveredFacts.optional(),
  fired: orTroubled(firedFacts).optional(),
});
export type AlertFacts = Readonly<z.infer<typeof alertFacts>>;
