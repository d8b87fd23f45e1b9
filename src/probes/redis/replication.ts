import { shortened } from '../../base/shortened.ts';
import type { Replication } from './observation.ts';

/** Reads what `INFO replication` says. */
export function replicationIn(info: string): Replication {
  const fields = new Map(info.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  const replicas = [...fields]
    .filter(([name]) => /^slave\d+$/.test(name))
    .map(([, value]) => new URLSearchParams(value.replaceAll(',', '&')))
    .filter((each) => each.get('state') === 'online');
  const lags = replicas.map((each) => each.get('lag') ?? '').filter((each) => /^\d{1,15}$/.test(each));
  const link = fields.get('master_link_status');
  const role = fields.get('role') ?? 'unknown';
  return {
    role: role === 'slave' ? 'replica' : shortened(role, 50),
    replicas: replicas.length,
    // The longest of them is known only when all are.
    ...(lags.length === 0 || lags.length < replicas.length ? {} : { replicaLagSeconds: Math.max(...lags.map(Number)) }),
    ...(link === undefined ? {} : { isLinkUp: link === 'up' }),
  };
}
