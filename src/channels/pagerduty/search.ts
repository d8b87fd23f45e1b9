import { shareLooks } from '../../alert/shared-look.ts';
import type { Clock } from '../../base/clock.ts';
import { alert, incident, logEntry, type Alert, type Incident, type LogEntry } from './answers.ts';
import type { Story } from './arrivals.ts';
import type { Client } from './client.ts';

/** PagerDuty's clock may be behind ours by this much. */
const clockSkewMs = 600_000;
/** These are read anew at every look, since nothing promises that an incident's `updated_at` moves with every event. */
const alwaysRead = 10;
/** More are left for the next look. */
const mostRead = 60;

export interface Search {
  /** The incidents of an event that we sent: its deduplication key is theirs, or that of their alert. */
  byKey(key: string, signal: AbortSignal): Promise<readonly Story[]>;
  /** The incidents in which the nonce stands anywhere: Alertmanager's deduplication key is a hash of its group's. */
  byNonce(nonce: string, signal: AbortSignal): Promise<readonly Story[]>;
  close(): void;
}

interface Read {
  readonly version: string;
  readonly story: Story;
}

/** Looks for incidents; those who look for different nonces at the same time share what was read. */
export function createSearch(client: Client, clock: Clock, lookEveryMs: number): Search {
  const since = new Date(clock.now().getTime() - clockSkewMs).toISOString();
  const read = new Map<string, Read>();

  const logOf = ({ id }: Incident, signal: AbortSignal): Promise<readonly LogEntry[]> =>
    client.list(`/incidents/${encodeURIComponent(id)}/log_entries?include[]=channels`, 'log_entries', logEntry, signal);
  const alertsOf = ({ id }: Incident, signal: AbortSignal): Promise<readonly Alert[]> =>
    client.list(`/incidents/${encodeURIComponent(id)}/alerts`, 'alerts', alert, signal);
  const storyOf = async (found: Incident, signal: AbortSignal): Promise<Story> => {
    const [alerts, log] = await Promise.all([alertsOf(found, signal), logOf(found, signal)]);
    return { incident: found, alerts, log };
  };

  const readAll = async (signal: AbortSignal): Promise<readonly Story[]> => {
    const newestFirst = 'sort_by=created_at:desc';
    const [open, over] = await Promise.all([
      // An open incident may be older than the run: Alertmanager adds to the one that its group already has.
      client.list(`/incidents?statuses[]=triggered&statuses[]=acknowledged&${newestFirst}`, 'incidents', incident, signal),
      client.list(`/incidents?statuses[]=resolved&since=${since}&${newestFirst}`, 'incidents', incident, signal),
    ]);
    const found = [...open, ...over].toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
    const changed = found.filter((each, index) => index < alwaysRead || read.get(each.id)?.version !== versionOf(each));
    for (const each of changed.slice(0, mostRead)) read.set(each.id, { version: versionOf(each), story: await storyOf(each, signal) });
    return found.flatMap(({ id }) => read.get(id)?.story ?? []);
  };

  const shared = shareLooks(readAll, lookEveryMs, clock);

  return {
    byKey: async (key, signal) => {
      const found = await client.list(`/incidents?incident_key=${encodeURIComponent(key)}&date_range=all`, 'incidents', incident, signal);
      return Promise.all(found.map((each) => storyOf(each, signal)));
    },
    byNonce: async (nonce, signal) => {
      const stories = await shared.look(signal);
      const matching = stories.filter((story) => JSON.stringify(story).includes(nonce));
      // Notifications and acknowledgements change nothing by which an incident would be read anew.
      return Promise.all(matching.map(async (story) => ({ ...story, log: await logOf(story.incident, signal) })));
    },
    close: () => shared.close(),
  };
}

function versionOf({ status, updated_at, last_status_change_at, alert_counts }: Incident): string {
  return JSON.stringify([status, updated_at, last_status_change_at, alert_counts?.all]);
}
