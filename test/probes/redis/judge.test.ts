import { describe, expect, it } from 'vitest';
import redis from '../../../src/probes/redis.ts';
import { replicationIn } from '../../../src/probes/redis/replication.ts';

const judge = (expected: object, info: string) =>
  redis.judge(redis.options.parse({ host: 'a', expect: expected }), {
    at: '2026-01-01T00:00:00Z',
    phasesMs: {},
    totalMs: 1,
    pong: 'PONG',
    replication: replicationIn(info),
  });

const online = (index: number, more: string) => `slave${String(index)}:ip=10.0.0.2,port=6379,state=online,offset=1${more}`;

describe('what a Redis says of its replication', () => {
  it('passes when it is told and good enough', () => {
    expect(judge({ replicaLag: '1m' }, ['role:master', online(0, ',lag=3'), online(1, ',lag=60')].join('\r\n')).status).toBe('pass');
    expect(judge({ role: 'replica' }, 'role:slave\r\nmaster_link_status:up').status).toBe('pass');
  });

  it.each([
    ['there is no replica', 'role:master'],
    ['the lag is missing', `role:master\r\n${online(0, '')}`],
    ['the lag is empty', `role:master\r\n${online(0, ',lag=')}`],
    ['the lag is no number', `role:master\r\n${online(0, ',lag=soon')}`],
    ['the lag of one of them is missing', ['role:master', online(0, ',lag=1'), online(1, '')].join('\r\n')],
  ])('fails when a lag is expected and %s', (_title, info) => {
    expect(judge({ replicaLag: '1m' }, info)).toEqual({ status: 'fail', reasons: ['how far its replicas lag was not told'] });
  });

  it('does not say it a second time of replicas that are not there', () => {
    expect(judge({ replicas: 1, replicaLag: '1m' }, 'role:master').reasons).toEqual(['0 replicas are connected, expected at least 1']);
  });

  it('fails when it is a replica whose link to its master was not told', () => {
    expect(judge({ role: 'replica' }, 'role:slave')).toEqual({ status: 'fail', reasons: ['its link to its master was not told'] });
    expect(judge({ role: 'replica' }, 'role:master').reasons).toEqual(['it is a master, expected a replica']);
  });
});
