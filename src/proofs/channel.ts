import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { channelFacts } from './channel/facts.ts';
import { judgeChannel } from './channel/judge.ts';
import { channelMutants } from './channel/mutants.ts';
import { channelRequirement } from './channel/requirement.ts';
import { timelines } from './channel/timelines.ts';

export default defineProof({
  kind: 'channel',
  summary: 'A test message is taken by the provider and read back where people see it.',
  ladder: ladders.channel,
  defaultGrade: 'delivered',
  requirement: channelRequirement,
  facts: channelFacts,
  observe: async (...given) => (await import('./channel/observe.ts')).observeChannel(...given),
  judge: judgeChannel,
  touches: async (requirement) => (await import('./channel/touches.ts')).channelTouches(requirement),
  restsOn: async (...given) => (await import('./channel/rests-on.ts')).restsOnChannel(...given),
  mutants: channelMutants,
  timelines,
});
