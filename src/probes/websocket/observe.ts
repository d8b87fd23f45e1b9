import { WebSocket } from 'undici';
import { abortable, ranOutOfTime } from '../../base/abortable.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { watchedAgent, type WatchedAgent } from '../../wire/agent.ts';
import { awaitMessage } from '../../wire/await-message.ts';
import { excerptOf } from '../../wire/excerpt.ts';
import { inPhases } from '../../wire/passage.ts';
import { endOfMatch } from '../../wire/pattern.ts';
import { readCertificates } from '../../wire/secure.ts';
import { ExchangeError } from '../../wire/trouble.ts';
import type { Turn, TurnSeen } from '../../wire/turn.ts';
import { messagesOf, type Messages } from './messages.ts';
import type { WebsocketObservation } from './observation.ts';
import type { WebsocketOptions } from './options.ts';

/** More of what is sent in a whole run is not read. */
const mostBytes = 1024 * 1024;

/** A server that does not answer our goodbye is not waited for any longer. */
const goodbyeWithinMs = 1_000;

type Draft = { -readonly [Key in 'session' | 'protocol' | 'closing']?: NonNullable<WebsocketObservation[Key]> };

export async function observeWebsocket(options: WebsocketOptions, context: ProbeContext): Promise<WebsocketObservation> {
  const { signal } = context;
  const ca = await readCertificates(options.ca);
  const seen: Draft = {};
  const turns: TurnSeen[] = [];
  const passed = await inPhases(context, async (begin) => {
    await using agent = watchedAgent({ ca, begin, nextPhase: 'upgrade', mostBytes, signal });
    const { dispatcher } = agent;
    const socket = new WebSocket(options.url, { protocols: options.protocols, dispatcher, headers: { ...options.headers } });
    const messages = messagesOf(socket, () => (agent.failure() as Partial<ExchangeError> | undefined)?.kind === 'too-much');
    try {
      await opened(messages, agent, signal);
      seen.protocol = excerptOf(socket.protocol);
      if (options.talk.length > 0) begin('answer');
      for (const turn of options.talk) {
        const result = await takeTurn(turn, socket, messages, context);
        turns.push(result);
        if (result.end !== 'matched') return;
      }
      begin('close');
      await ended(socket, messages, options, signal);
    } finally {
      const session = agent.session();
      if (session !== undefined) seen.session = session;
      const closing = messages.closing();
      if (closing !== undefined && seen.protocol !== undefined) seen.closing = { code: closing.code, reason: excerptOf(closing.reason) };
    }
  });
  return { ...passed, ...seen, turns };
}

async function opened(messages: Messages, agent: WatchedAgent, signal: AbortSignal): Promise<void> {
  while (!messages.wasOpened()) {
    if (messages.closing() !== undefined) throw notOpened(agent);
    await abortable(messages.next(), signal);
  }
}

function notOpened(agent: WatchedAgent): Error {
  const status = agent.status();
  if (status !== undefined && status !== 101) return new ExchangeError('denied', `status ${String(status)}, expected 101`);
  if (status === 101)
    return new ExchangeError(
      'protocol',
      'the headers of the answer are not those of a WebSocket handshake, or take none of our sub-protocols',
    );
  return agent.failure() ?? new ExchangeError('closed', 'without an answer');
}

async function takeTurn(turn: Turn, socket: WebSocket, messages: Messages, context: ProbeContext): Promise<TurnSeen> {
  if (turn.send !== undefined) socket.send(turn.send);
  if (turn.contains === undefined && turn.matches === undefined) return { end: 'matched', count: 0, excerpt: '', durationMs: 0 };
  const isWanted = (message: string): boolean => endOfMatch(message, turn) !== undefined;
  return awaitMessage(turn, messages, { text: (message) => message, isWanted }, context);
}

/** Waits for the server to close it, or closes it. */
async function ended(socket: WebSocket, messages: Messages, { expect }: WebsocketOptions, signal: AbortSignal): Promise<void> {
  const isTheirs = expect.closedWith !== undefined;
  const own = isTheirs ? signal : AbortSignal.any([signal, AbortSignal.timeout(goodbyeWithinMs)]);
  if (!isTheirs) socket.close(1000);
  while (messages.closing() === undefined && !messages.isFull()) {
    try {
      await abortable(messages.next(), own);
    } catch (error) {
      if (isTheirs || !ranOutOfTime(own)) throw error;
      return;
    }
  }
}
