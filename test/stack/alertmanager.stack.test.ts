import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../src/base/exchange.ts';
import { Fault } from '../../src/base/fault.ts';
import { connectAlertmanager, type Alertmanager } from '../../src/stack/alertmanager.ts';
import { parseAlertmanagerConfig } from '../../src/stack/alertmanager/config.ts';
import { routesOf } from '../../src/stack/alertmanager/routing.ts';

import type { Labels } from '../../src/stack/prometheus.ts';
import { startAlertmanager, type RunningAlertmanager } from '../sandbox/alertmanager.ts';
import { startExporter } from '../sandbox/exporter.ts';

const signal = AbortSignal.timeout(60_000);
const config = `
route:
  receiver: default
  routes:
    - { receiver: audit, matchers: ['env=~"live|stage"'], continue: true }
    - receiver: p0
      match: { severity: critical }
      routes: [{ receiver: database, matchers: ['team="db"', 'shift!="night"'] }]
    - { receiver: p1, match_re: { severity: 'crit.*|high' } }
receivers: [{ name: default }, { name: audit }, { name: p0 }, { name: p1 }, { name: database }]
`;

let running: RunningAlertmanager;
let alertmanager: Alertmanager;
beforeAll(async () => {
  running = await startAlertmanager({ config });
  alertmanager = connectAlertmanager({ name: 'Alertmanager', url: running.url });
});
afterAll(async () => running.stop());

function active(labels: Labels) {
  const now = Date.now();
  return { labels, annotations: {}, startsAt: new Date(now).toISOString(), endsAt: new Date(now + 60_000).toISOString() };
}

describe("Alertmanager's client", () => {
  it('posts an alert, finds it by a label, and ends it with what postRequest says', async () => {
    const labels = { alertname: 'Posted', note: 'with "quotes" and \\' };
    const alert = active(labels);
    await alertmanager.postAlerts([alert], signal);
    expect(await alertmanager.alerts({ note: labels.note }, signal)).toEqual([
      expect.objectContaining({ labels, receivers: ['default'], state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] }),
    ]);
    const over = { ...alert, endsAt: new Date(Date.parse(alert.startsAt) + 1).toISOString() };
    expect(await exchange(alertmanager.postRequest([over]), signal)).toMatchObject({ status: 200 });
    expect(await alertmanager.alerts({ note: labels.note }, signal)).toEqual([]);
  });

  it('tells its version and its configuration, and who made a silence', async () => {
    const { version, config: text } = await alertmanager.status(signal);
    expect(version).toMatch(/^\d+\.\d+/);
    expect(parseAlertmanagerConfig(text).receivers).toContain('database');
    const id = await running.silence({ labels: { alertname: 'Silenced' }, comment: 'for a while' });
    expect(await alertmanager.silence(id, signal)).toMatchObject({ id, comment: 'for a while', createdBy: 'test sandbox' });
    expect(await alertmanager.ownMetrics(signal)).toContain('alertmanager_notifications_failed_total');
  });

  it('makes a silence that begins later, and ends it with what endSilenceRequests says', async () => {
    const startsMs = Date.now() + 60_000;
    const times = { startsAt: new Date(startsMs).toISOString(), endsAt: new Date(startsMs + 60_000).toISOString() };
    const labels = { alertname: 'ToBeSilenced', note: 'with "quotes" and .*' };
    const id = await alertmanager.makeSilence({ labels, ...times, createdBy: 'liveproof', comment: 'a test' }, signal);
    expect(await alertmanager.silence(id, signal)).toEqual({
      id,
      createdBy: 'liveproof',
      comment: 'a test',
      endsAt: times.endsAt,
      state: 'pending',
    });
    const { list, end } = alertmanager.endSilenceRequests();
    expect((await exchange(list, signal)).text).toContain(id);
    expect(await exchange({ ...end, url: end.url.replace('{id}', id) }, signal)).toMatchObject({ status: 200 });
    expect(await alertmanager.silence(id, signal)).toMatchObject({ state: 'expired' });
  });

  it('says what is missing when the address is of something else', async () => {
    await using other = await startExporter('up 1\n');
    const mistaken = connectAlertmanager({ name: 'Alertmanager', url: other.url });
    await expect(mistaken.status(signal)).rejects.toThrow(Fault);
    await expect(mistaken.status(signal)).rejects.toThrow(/not JSON/);
  });

  it('puts its token into requests that somebody else will make', () => {
    const guarded = connectAlertmanager({ name: 'Alertmanager', url: 'http://127.0.0.1:1', token: 'abcdef' });
    expect(guarded.postRequest([]).headers).toEqual({ authorization: 'Bearer abcdef' });
    const { list, end } = guarded.endSilenceRequests();
    expect([list.headers, end.headers]).toEqual([{ authorization: 'Bearer abcdef' }, { authorization: 'Bearer abcdef' }]);
  });
});

describe('our reading of the routing tree', () => {
  const values = {
    severity: [undefined, 'critical', 'critical-ish', 'high', 'low'],
    team: [undefined, 'db', 'web'],
    shift: [undefined, 'night'],
    env: [undefined, 'live', 'stage', 'dev'],
  } as const;

  it('comes to what the real one does, for every combination of labels', async () => {
    const combinations = Object.entries(values).reduce<Labels[]>(
      (all, [label, choices]) =>
        all.flatMap((labels) => choices.map((value) => (value === undefined ? labels : { ...labels, [label]: value }))),
      [{ alertname: 'Combination' }],
    );
    await alertmanager.postAlerts(combinations.map(active), signal);
    const { route } = parseAlertmanagerConfig((await alertmanager.status(signal)).config);
    const held = await alertmanager.alerts({ alertname: 'Combination' }, signal);
    expect(held).toHaveLength(combinations.length);
    for (const { labels, receivers } of held) {
      expect({ labels, receivers: routesOf(route, labels).map(({ receiver }) => receiver) }).toEqual({ labels, receivers });
    }
  });
});
