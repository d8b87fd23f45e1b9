import { formatDuration } from '../../base/duration.ts';
import type { Outcome } from '../../check/outcome.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import type { RedisObservation } from './observation.ts';
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
  const lagMs = (replication.replicaLagSeconds ?? 0) * 1_000;
  return [
    ...(role === undefined || replication.role === role ? [] : [`it is a ${replication.role}, expected a ${role}`]),
    ...(role === 'replica' && replication.isLinkUp === false ? ['its link to its master is down'] : []),
    ...(replicas === undefined || replication.replicas >= replicas
      ? []
      : [`${String(replication.replicas)} replicas are connected, expected at least ${String(replicas)}`]),
    ...(replicaLag === undefined || lagMs <= replicaLag
      ? []
      : [`a replica last reported ${formatDuration(lagMs)} ago, expected at most ${formatDuration(replicaLag)}`]),
  ];
}
