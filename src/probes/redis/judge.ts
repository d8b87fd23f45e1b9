import { formatDuration } from '../../base/duration.ts';
import type { Outcome } from '../../check/outcome.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import type { RedisObservation, Replication } from './observation.ts';
import type { RedisOptions } from './options.ts';

export function judgeRedis(options: RedisOptions, observation: RedisObservation): Outcome {
  const { trouble, pong } = observation;
  if (trouble !== undefined) return judgeTrouble(trouble);
  if (pong === undefined) return { status: 'error', reasons: ['PING was not sent'] };
  const reasons = [
    ...(pong === 'PONG' ? [] : [`the answer to PING is ${JSON.stringify(pong)}, expected "PONG"`]),
    ...roundTripShortcomings(options, observation),
    ...replicationShortcomings(options, observation),
  ];
  return { status: reasons.length === 0 ? 'pass' : 'fail', reasons };
}

function roundTripShortcomings({ roundTrip }: RedisOptions, { readBack }: RedisObservation): string[] {
  if (!roundTrip || readBack === 'same') return [];
  return [readBack === 'other' ? 'the value that was written came back as another one' : 'the value that was written did not come back'];
}

function replicationShortcomings({ expect }: RedisOptions, { replication }: RedisObservation): string[] {
  const { role, replicas, replicaLag } = expect;
  if (role === undefined && replicas === undefined && replicaLag === undefined) return [];
  if (replication === undefined) return ['its replication was not told'];
  const tooFew = replicas !== undefined && replication.replicas < replicas;
  return [
    ...(role === undefined || replication.role === role ? [] : [`it is a ${replication.role}, expected a ${role}`]),
    ...(role === 'replica' ? linkShortcomings(replication) : []),
    ...(tooFew ? [`${String(replication.replicas)} replicas are connected, expected at least ${String(replicas)}`] : []),
    // Of replicas that are not there, that their lag is not told says nothing more.
    ...(replicaLag === undefined || (tooFew && replication.replicas === 0) ? [] : lagShortcomings(replicaLag, replication)),
  ];
}

function linkShortcomings({ role, isLinkUp }: Replication): string[] {
  if (isLinkUp === true || (isLinkUp === undefined && role !== 'replica')) return [];
  return [isLinkUp === false ? 'its link to its master is down' : 'its link to its master was not told'];
}

function lagShortcomings(mostMs: number, { replicaLagSeconds }: Replication): string[] {
  if (replicaLagSeconds === undefined) return ['how far its replicas lag was not told'];
  const lagMs = replicaLagSeconds * 1_000;
  return lagMs <= mostMs ? [] : [`a replica last reported ${formatDuration(lagMs)} ago, expected at most ${formatDuration(mostMs)}`];
}
