import { shortened } from '../base/shortened.ts';
import { defineChannel, type Arrival, type Channel } from '../alert/channel.ts';
import { acknowledgementsIn, arrivalsIn, type Story } from './pagerduty/arrivals.ts';
import { createClient, wordsOf } from './pagerduty/client.ts';
import { pagerdutyOptions } from './pagerduty/options.ts';
import { createPeople } from './pagerduty/people.ts';
import { createSearch } from './pagerduty/search.ts';

/** The longest summary that PagerDuty keeps. */
const longestSummary = 1_024;
const resolveWithinMs = 10_000;
/** For events of which nobody knows whether they were taken: a run that was stopped must end. */
const tryToResolveMs = 700;

export default defineChannel({
  kind: 'pagerduty',
  summary: 'PagerDuty incidents, read back until a person is seen notified.',
  options: pagerdutyOptions,
  reach: ({ service }) => ({
    wakes: 'on-call',
    to: service === undefined ? 'PagerDuty' : `PagerDuty service ${service}`,
    integrations: ['pagerduty'],
    addresses: [],
  }),
  receiver: ({ events }, secretFile) => ({
    list: 'pagerduty_configs',
    entry: {
      routing_key_file: secretFile('routing-key', 'the integration key (Events API v2) of the service'),
      url: `${events}/v2/enqueue`,
      severity: 'critical',
      send_resolved: true,
    },
  }),
  open: (name, options, { clock }): Promise<Channel> => {
    const { service, lookEvery, notifiedWithin } = options;
    const client = createClient(options, clock);
    const search = createSearch(client, clock, lookEvery);
    const people = options.people && createPeople(client, options.people);
    /** Every nonce that we sent, and whether it was taken. */
    const sent = new Map<string, boolean>();
    const firstSeenMs = new Map<string, number>();

    const find = async (nonce: string, signal: AbortSignal): Promise<readonly Story[]> => {
      signal.throwIfAborted();
      return sent.has(nonce) ? search.byKey(nonce, signal) : search.byNonce(nonce, signal);
    };
    /** PagerDuty notifies a moment after it has opened an incident: until then it has not arrived anywhere. */
    const isTold = (arrival: Arrival, { incident }: Story): boolean => {
      const nowMs = clock.monotonicMs();
      if (!firstSeenMs.has(incident.id)) firstSeenMs.set(incident.id, nowMs);
      return arrival.seenByPeople || nowMs - (firstSeenMs.get(incident.id) ?? nowMs) >= notifiedWithin;
    };

    return Promise.resolve({
      name,
      kind: 'pagerduty',
      send: async ({ nonce, subject, text }, signal) => {
        sent.set(nonce, false);
        const payload = {
          summary: shortened(subject, longestSummary - 1),
          source: 'liveproof',
          severity: 'critical',
          custom_details: { text, liveproof_nonce: nonce },
        };
        const event = { event_action: 'trigger', dedup_key: nonce, client: 'liveproof', payload };
        const answer = await client.enqueue(event, signal);
        const accepted = answer.status >= 200 && answer.status <= 299;
        sent.set(nonce, accepted);
        return { accepted, answer: `HTTP ${String(answer.status)}: ${wordsOf(answer.text)}`, at: clock.now().toISOString() };
      },
      readBack: async (nonce, signal) => {
        const stories = await find(nonce, signal);
        const wanted = { nonce, isOwn: sent.has(nonce), service, people: await people?.idsIn(stories, signal) };
        return stories.flatMap((story) => arrivalsIn(story, wanted).filter((arrival) => isTold(arrival, story)));
      },
      acknowledgements: async (nonce, signal) => {
        const stories = await find(nonce, signal);
        const wanted = { nonce, isOwn: sent.has(nonce), service, people: undefined };
        return stories.flatMap((story) => acknowledgementsIn(story, wanted));
      },
      // One incident, however often Alertmanager tells of it.
      mergesCopies: true,
      readBackEveryMs: lookEvery,
      close: async () => {
        search.close();
        const signal = AbortSignal.timeout([...sent.values()].includes(true) ? resolveWithinMs : tryToResolveMs);
        const resolve = (nonce: string) => client.enqueue({ event_action: 'resolve', dedup_key: nonce }, signal);
        // Nobody must stay paged for a test; when it fails, the incident says itself that it is one.
        await Promise.allSettled([...sent.keys()].map(resolve));
      },
    });
  },
});
