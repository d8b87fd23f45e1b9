import { shortened } from '../../base/shortened.ts';
import type { Replication } from './observation.ts';

/** Reads what `INFO replication` says. */
export function replicationIn(info: string): Replication {
  const fields = new Map(info.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  const replicas = [...fields]
    .filter(([name]) => /^slave\d+$/.test(name))
    .map(([, value]) => new URLSearchParams(value.replaceAll(',', '&')))
    .filter((each) => each.get('state') === 'online');
  const lags = replicas.map((each) => Number(each.get('lag'))).filter((each) => Number.isSafeInteger(each) && each >= 0);
  const link = fields.get('master_link_status');
  const role = fields.get('role') ?? 'unknown';
  return {
    role: role === 'slave' ? 'replica' : shortened(role, 50),
    replicas: replicas.length,
    ...(lags.length === 0 ? {} : { replicaLagSeconds: Math.max(...lags) }),
    ...(link === undefined ? {} : { isLinkUp: link === 'up' }),
  };
}
