import type { Acknowledgement, Arrival } from '../alert/channel.ts';
import { theirHop, type Hop } from './timeline.ts';

/** What the destination tells of a message: the way there, where it came in, and how soon it was read back from there. */
export function arrivalHops(channel: string, { hops = [], place, at, seenByPeople }: Arrival, readBack: string): readonly Hop[] {
  const sight = seenByPeople ? '' : ', where nobody would see it';
  return [
    ...hops.map((each) => theirHop('provider', `${channel}: ${each.hop}`, each.at)),
    theirHop('destination', `${channel}: in ${place}${sight}; ${readBack}`, at),
  ];
}

/** The signs that people left. */
export function acknowledgementHops(channel: string, signs: readonly Acknowledgement[]): readonly Hop[] {
  return signs.map(({ by, how, at }) => theirHop('acknowledgement', `${channel}: ${by} ${how}`, at));
}
