import type { Duplex } from 'node:stream';
import { abortable, ranOutOfTime } from '../../base/abortable.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { dial } from '../../wire/dial.ts';
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
  const own = turn.within === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(turn.within)]);
  if (turn.send !== undefined) stream.write(turn.send);
  const endedBy = (end: TurnSeen['end'], length?: number): TurnSeen => {
    const text = inbox.text().slice(0, length);
    if (length !== undefined) inbox.take(length);
    return { end, count: text.length, excerpt: excerptOf(text), durationMs: clock.monotonicMs() - startedMs };
  };
  if (turn.contains === undefined && turn.matches === undefined) return endedBy('matched', 0);
  for (;;) {
    const end = endOfMatch(inbox.text(), turn);
    if (end !== undefined) return endedBy('matched', end);
    if (inbox.isFull()) return endedBy('too-much');
    if (inbox.isClosed()) return endedBy('closed');
    try {
      await abortable(inbox.next(), own);
    } catch (error) {
      if (!ranOutOfTime(own)) throw error;
      return endedBy('timed-out');
    }
  }
}
