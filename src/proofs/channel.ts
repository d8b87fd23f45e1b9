import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { channelFacts } from './channel/facts.ts';
import { judgeChannel } from './channel/judge.ts';
import { channelMutants } from './channel/mutants.ts';
import { observeChannel } from './channel/observe.ts';
import { channelRequirement } from './channel/requirement.ts';
import { channelTouches } from './channel/touches.ts';
import { restsOnChannel } from './channel/rests-on.ts';
import { timelines } from './channel/timelines.ts';

export default defineProof({
  kind: 'channel',
  summary: 'A test message is taken by the provider and read back where people see it.',
  ladder: ladders.channel,
  defaultGrade: 'delivered',
  requirement: channelRequirement,
  facts: channelFacts,
  observe: observeChannel,
  judge: judgeChannel,
  touches: channelTouches,
  restsOn: restsOnChannel,
  mutants: channelMutants,
  timelines,
});
