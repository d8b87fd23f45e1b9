import type { Duplex } from 'node:stream';
import type { ProbeContext } from '../../check/probe.ts';
import { dial } from '../../wire/dial.ts';
import { endOfTurn } from '../../wire/end-of-turn.ts';
import { excerptOf } from '../../wire/excerpt.ts';
import { incoming, type Incoming } from '../../wire/incoming.ts';
import { inPhases } from '../../wire/passage.ts';
import { endOfMatch } from '../../wire/pattern.ts';
import { readCertificates, secureTrusted } from '../../wire/secure.ts';
import type { Turn, TurnSeen } from '../../wire/turn.ts';
import type { TcpObservation } from './observation.ts';
import type { TcpOptions } from './options.ts';

/** More of what is sent in a whole run is not read: a check must not be brought down by its target. */
const mostBytes = 64 * 1024;

export async function observeTcp(options: TcpOptions, context: ProbeContext): Promise<TcpObservation> {
  const { signal } = context;
  const ca = await readCertificates(options.ca);
  const seen: { -readonly [Key in 'address' | 'session']?: NonNullable<TcpObservation[Key]> } = {};
  const turns: TurnSeen[] = [];
  const passed = await inPhases(context, async (begin) => {
    using dialled = await dial(options, begin, signal);
    const { socket } = dialled;
    if (socket.remoteAddress !== undefined) seen.address = socket.remoteAddress;
    let stream: Duplex = socket;
    if (options.tls) {
      const secured = await secureTrusted(socket, { serverName: options.serverName ?? options.host, ca }, begin, signal);
      seen.session = secured.session;
      stream = secured.socket;
    }
    if (options.talk.length === 0) return;
    begin('answer');
    using inbox = incoming(stream, mostBytes);
    for (const turn of options.talk) {
      const result = await takeTurn(turn, stream, inbox, context);
      turns.push(result);
      if (result.end !== 'matched') return;
    }
  });
  return { ...passed, ...seen, turns };
}

async function takeTurn(turn: Turn, stream: Duplex, inbox: Incoming, { clock, signal }: ProbeContext): Promise<TurnSeen> {
  const startedMs = clock.monotonicMs();
  if (turn.send !== undefined) stream.write(turn.send);
  let matched: number | undefined;
  const wantsNothing = turn.contains === undefined && turn.matches === undefined;
  const end = await endOfTurn(turn, inbox, signal, () => {
    matched = wantsNothing ? 0 : endOfMatch(inbox.text(), turn);
    return matched !== undefined;
  });
  const text = inbox.text().slice(0, matched);
  if (matched !== undefined) inbox.take(matched);
  return { end, count: text.length, excerpt: excerptOf(text), durationMs: clock.monotonicMs() - startedMs };
}
