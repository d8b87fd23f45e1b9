import { worse, type FactsMutant } from '../../../gate/mutant.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { ChannelFacts } from './facts.ts';

type Mutants = readonly FactsMutant<AlertFacts>[];

/** Nobody who takes it up, or too late. */
export function acknowledgedMutants({ acknowledgedWithin = 0, acknowledgedOn }: AlertRequirement, facts: AlertFacts): Mutants {
  const { delivered } = facts;
  if (delivered?.outcome !== 'awaited') return [];
  const { channels } = delivered;
  const became = (change: (seen: ChannelFacts) => ChannelFacts): AlertFacts => ({
    ...facts,
    delivered: { ...delivered, channels: channels.map((seen) => (seen.acknowledged?.outcome === 'seen' ? change(seen) : seen)) },
  });
  const unseen = (seen: ChannelFacts): ChannelFacts => ({ ...seen, acknowledged: { outcome: 'not-seen' } });
  return [
    worse(
      'nobody-asked',
      'nobody looked whether somebody takes it up',
      became(({ acknowledged: _, ...seen }) => seen),
    ),
    worse('not-acknowledged', 'nobody takes it up', became(unseen)),
    worse(
      'cannot-show',
      'no channel can show who takes it up',
      became((seen) => ({ ...seen, acknowledged: { outcome: 'cannot-show' } })),
    ),
    worse(
      'acknowledged-late',
      'somebody takes it up too late',
      became((seen) => ({ ...seen, ...late(seen, acknowledgedWithin + 1) })),
    ),
    // Who has taken it up on one channel need not do so on others, unless the gate names them.
    ...acknowledgedOn.map((channel) =>
      worse(
        'not-acknowledged-there',
        `nobody takes it up on ${channel}`,
        became((seen) => (seen.channel === channel ? unseen(seen) : seen)),
      ),
    ),
  ];
}

function late({ acknowledged }: ChannelFacts, afterMs: number): Pick<ChannelFacts, 'acknowledged'> {
  return acknowledged?.outcome === 'seen' ? { acknowledged: { ...acknowledged, afterMs } } : {};
}
