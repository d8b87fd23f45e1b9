import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ProbeContext } from '../../check/probe.ts';
import { dial } from '../../wire/dial.ts';
import { excerptOf } from '../../wire/excerpt.ts';
import { inPhases } from '../../wire/passage.ts';
import { readCertificates, secureTrusted } from '../../wire/secure.ts';
import { converse, type Say } from './connection.ts';
import type { RedisObservation } from './observation.ts';
import type { RedisOptions } from './options.ts';
import { replicationIn } from './replication.ts';

/** A key that nobody deletes, because we are stopped in between, goes by itself. */
const keyLivesMs = '60000';

/** Readings that only INFO can give. */
const replicationReadings: readonly string[] = ['role', 'replicas', 'replica lag', 'link to master'];

type Draft = { -readonly [Key in 'session' | 'pong' | 'readBack' | 'replication']?: NonNullable<RedisObservation[Key]> };

export async function observeRedis(options: RedisOptions, context: ProbeContext): Promise<RedisObservation> {
  const { signal, wanted = [] } = context;
  const { expect } = options;
  const ca = await readCertificates(options.ca);
  const seen: Draft = {};
  const passed = await inPhases(context, async (begin) => {
    using dialled = await dial(options, begin, signal);
    let stream: Duplex = dialled.socket;
    if (options.tls) {
      const trust = { serverName: options.serverName ?? options.host, ca };
      const secured = await secureTrusted(dialled.socket, trust, begin, signal);
      seen.session = secured.session;
      stream = secured.socket;
    }
    using conversation = converse(stream, signal);
    const { say } = conversation;
    if (options.password !== undefined) {
      begin('sign-in');
      await say('AUTH', ...(options.username === undefined ? [] : [options.username]), options.password);
    }
    if (options.database !== 0) await say('SELECT', String(options.database));
    begin('answer');
    const pong = await say('PING');
    seen.pong = pong.type === 'text' ? excerptOf(pong.text) : '';
    if (options.roundTrip) {
      begin('round-trip');
      seen.readBack = await goRound(say);
    }
    const isAsked = expect.role !== undefined || expect.replicas !== undefined || expect.replicaLag !== undefined;
    if (isAsked || replicationReadings.some((name) => wanted.includes(name))) {
      begin('info');
      const info = await say('INFO', 'replication');
      seen.replication = replicationIn(info.type === 'text' ? info.text : '');
    }
  });
  return { ...passed, ...seen };
}

async function goRound(say: Say): Promise<NonNullable<RedisObservation['readBack']>> {
  const key = `liveproof:${randomUUID()}`;
  const value = randomUUID();
  await say('SET', key, value, 'PX', keyLivesMs);
  const back = await say('GET', key);
  await say('DEL', key);
  if (back.type === 'nothing') return 'nothing';
  return back.text === value ? 'same' : 'other';
}
