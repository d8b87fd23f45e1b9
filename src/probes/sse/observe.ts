import { Agent, request } from 'undici';
import type { ProbeContext } from '../../check/probe.ts';
import { watchedAgent } from '../../wire/agent.ts';
import { awaitMessage } from '../../wire/await-message.ts';
import { excerptOf } from '../../wire/excerpt.ts';
import { inPhases, type Exchanging } from '../../wire/passage.ts';
import { endOfMatch } from '../../wire/pattern.ts';
import { readCertificates } from '../../wire/secure.ts';
import type { ExchangeError } from '../../wire/trouble.ts';
import type { TurnSeen } from '../../wire/turn.ts';
import { eventsOf, type StreamEvent } from './events.ts';
import { isEventStream, isOk } from './judge.ts';
import type { SseObservation } from './observation.ts';
import type { SseOptions, Trigger } from './options.ts';

/** More of what is sent in a whole run is not read. */
const mostBytes = 1024 * 1024;

type Draft = { -readonly [Key in 'session' | 'status' | 'contentType' | 'triggerStatus']?: NonNullable<SseObservation[Key]> };

export async function observeSse(options: SseOptions, context: ProbeContext): Promise<SseObservation> {
  const { signal } = context;
  const ca = await readCertificates(options.ca);
  const seen: Draft = {};
  const turns: TurnSeen[] = [];
  const passed = await inPhases(context, async (begin) => {
    await using agent = watchedAgent({ ca, begin, nextPhase: 'answer', mostBytes, signal });
    const { dispatcher } = agent;
    try {
      const headers = { 'user-agent': 'liveproof', accept: 'text/event-stream', ...options.headers };
      const answer = await request(options.url, { headers, dispatcher, signal });
      const events = eventsOf(answer.body, () => (agent.failure() as Partial<ExchangeError> | undefined)?.kind === 'too-much');
      seen.status = answer.statusCode;
      seen.contentType = excerptOf([answer.headers['content-type'] ?? ''].flat().join(', '));
      if (answer.statusCode !== 200 || !isEventStream(seen.contentType)) return;
      if (options.trigger !== undefined) {
        begin('trigger');
        seen.triggerStatus = await pull(options.trigger, ca, context);
        if (!isOk(seen.triggerStatus)) return;
      }
      begin('events');
      for (const wish of options.events) {
        const isWanted = ({ name, data }: StreamEvent): boolean =>
          (wish.event === undefined || wish.event === name) && endOfMatch(data, wish) !== undefined;
        const result = await awaitMessage(wish, events, { text: ({ data }) => data, isWanted }, context);
        turns.push(result);
        if (result.end !== 'matched') return;
      }
    } catch (error) {
      throw agent.failure() ?? error;
    } finally {
      const session = agent.session();
      if (session !== undefined) seen.session = session;
    }
  });
  return { ...passed, ...seen, turns };
}

/** Makes the request that triggers an event, over a connection of its own, and gives the status of its answer. */
async function pull({ method, url, headers, json }: Trigger, ca: string | undefined, { signal }: Exchanging): Promise<number> {
  const agent = new Agent({ connections: 1, ...(ca === undefined ? {} : { connect: { ca } }) });
  try {
    const type = json === undefined ? {} : { 'content-type': 'application/json' };
    const body = json === undefined ? null : JSON.stringify(json);
    const answer = await request(url, {
      method,
      headers: { 'user-agent': 'liveproof', ...type, ...headers },
      body,
      dispatcher: agent,
      signal,
    });
    answer.body.on('error', () => undefined).destroy();
    return answer.statusCode;
  } finally {
    await agent.destroy();
  }
}
