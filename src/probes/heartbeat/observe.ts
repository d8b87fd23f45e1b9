import { abortable } from '../../base/abortable.ts';
import { Fault } from '../../base/fault.ts';
import { shortened } from '../../base/shortened.ts';
import { longestWords, type HeartbeatsReceived } from '../../check/heartbeat.ts';
import type { ProbeContext } from '../../check/probe.ts';
import type { HeartbeatOptions } from './options.ts';

export async function observeHeartbeat({ name }: HeartbeatOptions, { heartbeats, signal }: ProbeContext): Promise<HeartbeatsReceived> {
  if (heartbeats === undefined) {
    throw new Fault('probe/cannot-run', 'no daemon receives heartbeats here', { hint: '`liveproof watch` receives them' });
  }
  const { listeningForMs, last } = await abortable(heartbeats.last(name, signal), signal);
  if (last?.says === undefined) return { listeningForMs, ...(last === undefined ? {} : { last }) };
  return { listeningForMs, last: { ...last, says: shortened(last.says.replace(/\p{Cc}/gu, ' '), longestWords) } };
}
