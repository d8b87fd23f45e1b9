import { worse, type FactsMutant } from '../../../gate/mutant.ts';
import type { AlertFacts } from '../facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { ChannelFacts } from './facts.ts';

type Mutants = readonly FactsMutant<AlertFacts>[];

const trouble = { code: 'stack/unreachable', says: 'nobody answered' };

/** People whom the alert does not reach, or not in time, or who are never told that it is over. */
export function deliveredMutants(requirement: AlertRequirement, facts: AlertFacts): Mutants {
  const { delivered, ...unawaited } = facts;
  if (delivered?.outcome !== 'awaited') return [];
  const { channels } = delivered;
  const other = (changed: ChannelFacts[]): AlertFacts => ({ ...facts, delivered: { ...delivered, channels: changed } });
  return [
    worse('delivery-not-looked-at', 'whether it arrives was not looked at', unawaited),
    worse('delivery-not-awaited', 'nobody waited for it to arrive', { ...facts, delivered: { outcome: 'not-awaited' } }),
    ...channels.flatMap((seen, index) => {
      if (!requirement.channels.includes(seen.channel)) return [];
      const became = (change: ChannelFacts): AlertFacts => other(channels.with(index, change));
      return [
        worse('channel-not-looked-at', `${seen.channel} was not looked at`, other(channels.toSpliced(index, 1))),
        ...arrivalMutants(requirement, seen, became),
        ...endMutants(requirement, seen, became),
      ];
    }),
  ];
}

type Became = (change: ChannelFacts) => AlertFacts;

function arrivalMutants({ deliveredWithin }: AlertRequirement, seen: ChannelFacts, became: Became): Mutants {
  const { channel, arrivals } = seen;
  const { foundAfterMs: _, ...unfound } = seen;
  const all = (change: Partial<ChannelFacts['arrivals'][number]>): AlertFacts =>
    became({ ...seen, arrivals: arrivals.map((each) => ({ ...each, ...change })) });
  const told = arrivals.filter(({ fingerprint }) => fingerprint !== undefined);
  return [
    worse('not-delivered', `it does not arrive on ${channel}`, became({ ...unfound, arrivals: [] })),
    worse('only-its-end', `${channel} tells only that it is over`, all({ status: 'resolved' })),
    worse('delivered-late', `it arrives on ${channel} too late`, became({ ...seen, foundAfterMs: deliveredWithin + 1 })),
    worse('time-lost', `it arrives on ${channel}, and nobody knows when`, became(unfound)),
    worse('in-junk', `it arrives on ${channel} where nobody looks`, all({ seenByPeople: false })),
    worse('channel-untold', `${channel} could not be looked at`, became({ ...seen, trouble })),
    ...(told.length === 0 ? [] : [worse('other-alert', `another alert arrives on ${channel}`, all({ fingerprint: '0000000000000000' }))]),
    worse(
      'delivered-twice',
      `it arrives on ${channel} twice`,
      became({ ...seen, arrivals: [...arrivals, ...arrivals] }),
      'people are told all the same, and the verdict says how often; that it comes once is what a proof of redundancy asks',
    ),
  ];
}

function endMutants({ resolvedWithin }: AlertRequirement, seen: ChannelFacts, became: Became): Mutants {
  const { channel } = seen;
  const { resolved, ...unended } = seen;
  if (resolvedWithin === undefined || resolved?.outcome !== 'seen') return [];
  return [
    worse('end-not-looked-at', `nobody looked whether ${channel} tells that it is over`, became(unended)),
    worse('end-not-told', `${channel} does not tell that it is over`, became({ ...seen, resolved: { outcome: 'not-seen' } })),
    worse(
      'end-untold',
      `nobody could look whether ${channel} tells that it is over`,
      became({ ...seen, resolved: { outcome: 'not-seen', trouble } }),
    ),
    worse(
      'end-late',
      `${channel} tells too late that it is over`,
      became({ ...seen, resolved: { ...resolved, afterMs: resolvedWithin + 1 } }),
    ),
  ];
}
