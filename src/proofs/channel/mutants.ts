import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { ChannelFacts, MessageFacts } from './facts.ts';
import type { ChannelRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<ChannelFacts>[];

const trouble = { code: 'stack/unreachable', says: 'nobody answered' };

export function channelMutants(requirement: ChannelRequirement, facts: ChannelFacts, grade: Grade): Mutants {
  const asks = (rung: Grade): boolean => includesRung(ladders.channel, grade, rung);
  const { messages } = facts;
  return messages.flatMap((message, index) => {
    const other = (change: MessageFacts): ChannelFacts => ({ ...facts, messages: messages.with(index, change) });
    const name = messages.length === 1 ? 'the message' : `message ${String(index + 1)}`;
    return [
      worse('not-sent', `${name} was not sent`, { ...facts, messages: messages.toSpliced(index, 1) }),
      ...taken(name, message, other),
      ...(asks('delivered') ? delivered(requirement, facts, name, message, other) : []),
      ...(asks('acknowledged') ? acknowledged(requirement, name, message, other) : []),
    ];
  });
}

type Other = (change: MessageFacts) => ChannelFacts;

function taken(name: string, message: MessageFacts, other: Other): Mutants {
  const { acceptance, ...unsent } = message;
  const at = message.sentAt;
  return [
    worse(
      'refused',
      `the provider refused ${name}`,
      other({ ...message, acceptance: { at, ...acceptance, accepted: false, answer: '550 no' } }),
    ),
    worse('provider-not-reached', `the provider of ${name} was not reached`, other({ ...unsent, sendTrouble: trouble })),
  ];
}

function delivered(
  { deliveredWithin, exactlyOnce }: ChannelRequirement,
  { carries }: ChannelFacts,
  name: string,
  message: MessageFacts,
  other: Other,
): Mutants {
  const { seenAfterMs: _, ...unseen } = message;
  const { arrivals } = message;
  const [first] = arrivals;
  if (first === undefined) return [];
  const rewritten = arrivals.map((arrival) => ({ ...arrival, excerpt: 'removed by a filter' }));
  return [
    worse('not-arrived', `${name} did not arrive`, other({ ...unseen, arrivals: [], lookedForMs: deliveredWithin })),
    worse(
      'looked-too-short',
      `${name} did not arrive while it was looked for, which was not long`,
      other({ ...unseen, arrivals: [], lookedForMs: 0 }),
    ),
    worse('never-looked', `nobody looked whether ${name} arrived`, other({ ...unseen, arrivals: [], looks: 0 })),
    worse('looking-failed', `nobody could look whether ${name} arrived`, other({ ...unseen, arrivals: [], lookTrouble: trouble })),
    worse('arrived-late', `${name} arrived too late`, other({ ...message, seenAfterMs: deliveredWithin + 1 })),
    worse('time-lost', `${name} arrived, and nobody knows when`, other(unseen)),
    worse(
      'in-junk',
      `${name} arrived where nobody looks`,
      other({ ...message, arrivals: arrivals.map((each) => ({ ...each, seenByPeople: false })) }),
    ),
    worse(
      'rewritten',
      `${name} arrived with other words`,
      other({ ...message, arrivals: rewritten }),
      carries === 'token' ? 'this channel carries no words but the token by which the message is found' : undefined,
    ),
    worse(
      'arrived-twice',
      `${name} arrived twice`,
      other({ ...message, arrivals: [first, ...arrivals] }),
      exactlyOnce ? undefined : 'the gate asks that it arrives, not that it arrives once ("exactlyOnce")',
    ),
  ];
}

function acknowledged({ acknowledgedWithin = 0 }: ChannelRequirement, name: string, message: MessageFacts, other: Other): Mutants {
  const { acknowledged: seen, ...unasked } = message;
  if (seen?.outcome !== 'seen') return [];
  const became = (change: NonNullable<MessageFacts['acknowledged']>): ChannelFacts => other({ ...message, acknowledged: change });
  return [
    worse('nobody-asked', `nobody was asked to acknowledge ${name}`, other(unasked)),
    worse('not-acknowledged', `nobody acknowledged ${name}`, became({ outcome: 'not-seen', lookedForMs: acknowledgedWithin })),
    worse('acknowledged-late', `${name} was acknowledged too late`, became({ ...seen, afterMs: acknowledgedWithin + 1 })),
    worse('cannot-show', `the channel cannot show who acknowledged ${name}`, became({ outcome: 'cannot-show' })),
  ];
}
