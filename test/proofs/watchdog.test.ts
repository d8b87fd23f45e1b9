import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../src/gate/verdict.ts';
import watchdog from '../../src/proofs/watchdog.ts';
import { watchdogFacts, type PingFacts, type RouteFacts, type SwitchFacts, type Watched } from '../../src/proofs/watchdog/facts.ts';
import { judgeWatchdog } from '../../src/proofs/watchdog/judge.ts';
import { watchdogRequirement } from '../../src/proofs/watchdog/requirement.ts';

const required = { rule: 'Watchdog', receiver: 'dead-man', noticedWithin: '5m', tells: 'oncall' };
const requirement = watchdogRequirement.parse(required);
const rule = { query: 'vector(1)', state: 'firing', health: 'ok', lastError: '', alerts: [{ alertname: 'Watchdog' }] };
const held = { labels: { alertname: 'Watchdog' }, receivers: ['dead-man'], state: 'active', silencedBy: [], inhibitedBy: [] };
const route: RouteFacts = {
  url: 'http://alertmanager.test',
  held: [held],
  routes: [{ receiver: 'dead-man', groupIntervalMs: 30_000, repeatIntervalMs: 30_000 }],
  receivers: ['oncall', 'dead-man'],
};
const state: NonNullable<SwitchFacts['state']> = {
  name: 'alerting',
  status: 'up',
  periodMs: 60_000,
  graceMs: 60_000,
  integrations: 2,
  pings: 7,
  lastPing: '2026-01-01T00:00:00+00:00',
};
const ping = (number: number, change: Partial<PingFacts> = {}): PingFacts => ({
  number,
  type: 'success',
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, 30 * number)).toISOString(),
  method: 'POST',
  userAgent: 'Alertmanager/0.25.0',
  alerts: [{ name: 'Watchdog', status: 'firing' }],
  body: '{"receiver":"dead-man"',
  ...change,
});
const arrived = (...pings: readonly PingFacts[]) => ({ before: 7, waitedMs: 61_000, pings: [...pings] });
const arrival = { at: '2026-01-01T00:03:00.000Z', place: 'C0ONCALL', seenByPeople: true, excerpt: 'The check "alerting" is DOWN.' };
const watched: Watched = {
  outcome: 'watched',
  stoppedAt: '2026-01-01T00:01:00.000Z',
  how: 'Watchdog was silenced',
  watchedMs: 122_000,
  statuses: [
    { status: 'up', afterMs: 0 },
    { status: 'down', afterMs: 115_000 },
  ],
  downAfterMs: 115_000,
  pings: [],
  told: { afterMs: 118_000, lookedForMs: 118_000, arrivals: [arrival] },
  back: { afterMs: 31_000, waitedMs: 31_000, status: 'up' },
};
const good = {
  grade: 'noticed',
  rule: { names: ['HighErrorRate', 'Watchdog'], found: [rule] },
  route,
  deadMan: { state },
  arriving: arrived(ping(8), ping(9)),
  noticed: watched,
};

/** With `undefined` for what was not looked at. */
function judge(change: object = {}, more: object = {}) {
  const facts = watchdogFacts.parse(JSON.parse(JSON.stringify({ ...good, ...change })));
  const asked = Object.keys(more).length === 0 ? requirement : watchdogRequirement.parse({ ...required, ...more });
  const findings = judgeWatchdog(asked, facts);
  const { state: verdict, grade } = verdictOf(watchdog.ladder, 'noticed', findings, 'watchdog');
  const told = findings.map((each) => `${each.grade} ${each.holds}: ${each.says}`);
  return { verdict, grade, told, against: told.filter((each) => !/^\S+ yes/.test(each)), hints: findings.map(({ hint }) => hint ?? '') };
}
const routed = (change: Partial<RouteFacts>) => ({ route: { ...route, ...change } });
const switched = (change: object) => ({ deadMan: { state: { ...state, ...change } } });
const afterwards = (change: Partial<Watched>) => ({ noticed: { ...watched, ...change } });

describe('a watchdog', () => {
  it('is proven when its silence was noticed outside, told, and over again', () => {
    expect(judge()).toMatchObject({ verdict: 'proven', grade: 'noticed' });
    expect(judge().told).toEqual([
      'configured yes: the rule is loaded and fires: `vector(1)`',
      'configured yes: Alertmanager routes it to dead-man',
      'configured yes: the dead-man\'s switch "alerting" watches with its period of 1m and grace of 1m (allowed: 5m) and tells 2 integrations',
      'configured yes: a ping may take 1m (repeat_interval 30s, at ticks of group_interval 30s); the switch waits 2m',
      'arriving yes: 2 pings of Watchdog arrived from Alertmanager, up to 30.0 s apart',
      'noticed yes: Watchdog was silenced, and the switch noticed after 1m55s (allowed: 5m)',
      'noticed yes: its alarm was read back from "C0ONCALL" 1m58s after the stop: "The check "alerting" is DOWN."',
      'noticed yes: it was up again 31.0 s after the alert was let go',
    ]);
  });

  it.each([
    ['arriving', { arriving: undefined, noticed: undefined }, 'configured'],
    ['noticed', { noticed: undefined }, 'arriving'],
  ])('is not proven when nobody looked whether it is %s', (_, change, grade) => {
    expect(judge(change)).toMatchObject({ verdict: 'inconclusive', grade });
  });
});

describe('its rule', () => {
  it('is not known to reach anybody when nobody looked where Alertmanager routes it', () => {
    expect(judge({ route: undefined })).toMatchObject({
      verdict: 'inconclusive',
      against: ['configured unknown: where Alertmanager routes its alert was not looked at'],
    });
  });

  it('must be there, once', () => {
    const { verdict, against, hints } = judge({ rule: { names: ['Watchdogs'], found: [] }, route: undefined });
    expect([verdict, against]).toEqual(['disproven', ['configured no: Prometheus has no alerting rule Watchdog']]);
    expect(hints[0]).toBe('did you mean Watchdogs?');
    expect(judge({ rule: { names: [], found: [rule, rule] } }).against).toEqual([
      'configured unknown: Prometheus has 2 alerting rules named Watchdog',
    ]);
  });

  it('must fire', () => {
    const sleeping = { ...rule, state: 'inactive', alerts: [], query: 'vector(0) > 1' };
    expect(judge({ rule: { names: [], found: [sleeping] } }).against[0]).toBe(
      'configured no: the rule does not fire, it is inactive: `vector(0) > 1`',
    );
    expect(judge({ rule: { names: [], found: [{ ...rule, state: 'pending', alerts: [] }] } }).against[0]).toContain('it is pending');
    expect(judge({ rule: { names: [], found: [{ ...rule, health: 'err', lastError: 'bad' }] } }).against[0]).toContain('evaluated: bad');
  });
});

describe('its route', () => {
  it('must lead to the receiver of the switch', () => {
    expect(judge(routed({ held: [] })).against[0]).toContain("its alert is not at the gate's Alertmanager");
    const astray = { ...held, receivers: ['oncall'] };
    expect(judge(routed({ held: [held, astray] })).against[0]).toBe('configured no: Alertmanager routes it to oncall, not to dead-man');
    expect(judge(routed({ held: [astray], receivers: ['oncall', 'deadman'] })).hints[1]).toContain('did you mean deadman?');
    expect(judge(routed({ routes: [] })).against[0]).toContain('configured unknown: by its configuration');
  });

  it('must not be held up', () => {
    const silenced = { ...held, state: 'suppressed', silencedBy: ['silence 1 of ada'] };
    expect(judge(routed({ held: [silenced] })).against).toEqual([
      'configured unknown: its alert would ping nobody now: it is silenced by silence 1 of ada',
    ]);
    expect(judge(routed({ held: [{ ...held, state: 'suppressed' }] })).against[0]).toContain('it is suppressed');
    expect(judge(routed({ held: [{ ...held, inhibitedBy: ['alert 2'] }] })).against[0]).toContain('inhibited by alert 2');
  });

  it.each([
    // A repetition comes at the first tick after the repeat interval.
    [30_000, 30_000, '1m', 'proven'],
    [30_000, 29_000, '30s', 'proven'],
    [60_000, 60_000, '2m', 'disproven'],
    [300_000, 30_000, '5m', 'disproven'],
    [30_000, 14_400_000, '4h30s', 'disproven'],
  ])(
    'must bring a ping before the switch loses patience: ticks of %i, repeats of %i',
    (groupIntervalMs, repeatIntervalMs, longest, verdict) => {
      const judged = judge(routed({ routes: [{ receiver: 'dead-man', groupIntervalMs, repeatIntervalMs }] }));
      expect(judged.verdict).toBe(verdict);
      expect(judged.told[3]).toContain(`a ping may take ${longest} (`);
      if (verdict === 'disproven') expect(judged.told[3]).toContain('the switch waits only 2m: it raises false alarms');
    },
  );
});

describe('its switch', () => {
  it.each([
    [{ status: 'paused' }, 'configured no: the dead-man\'s switch "alerting" is paused: it notices nothing'],
    [{ integrations: 0 }, 'configured no: the dead-man\'s switch "alerting" tells nobody: no integration is switched on for it'],
    [{ integrations: undefined }, 'configured unknown: the key does not show whether the dead-man\'s switch "alerting" tells anybody'],
    [
      { periodMs: undefined },
      'configured unknown: the dead-man\'s switch "alerting" goes by a schedule, so how soon it notices is not known',
    ],
    [
      { graceMs: 3_600_000 },
      'configured no: the dead-man\'s switch "alerting" may notice too late: its period of 1m and grace of 1h are 1h1m, 5m are allowed',
    ],
  ])('must be able to notice and to tell: %o', (change, says) => {
    expect(judge({ ...switched(change), arriving: undefined, noticed: undefined }).against[0]).toBe(says);
  });

  it('must be there, and answer', () => {
    expect(judge({ deadMan: {} }).against[0]).toBe("configured no: there is no such dead-man's switch");
    const trouble = { code: 'stack/unauthorized', says: 'refused us with HTTP 401', hint: 'the key' };
    expect(judge({ deadMan: { trouble }, arriving: undefined, noticed: undefined })).toMatchObject({
      verdict: 'inconclusive',
      against: ["configured unknown: the dead-man's switch could not be asked: refused us with HTTP 401"],
    });
  });
});

describe('its pings', () => {
  const one = (change: Partial<PingFacts>) => judge({ arriving: arrived(ping(8), ping(9, change)) }).against;

  it('must come, and more than once', () => {
    expect(judge({ arriving: arrived() }).against).toEqual([
      'arriving no: no ping came in 1m1s; the last of 7 was at 2026-01-01T00:00:00+00:00',
    ]);
    expect(judge({ arriving: { ...arrived(), before: 0 } }).against).toEqual([
      'arriving no: the switch was never pinged, and not in 1m1s either',
    ]);
    expect(judge({ arriving: arrived(ping(8)) }).against).toEqual(['arriving no: only one ping came in 1m1s']);
  });

  it('must come from this alert alone', () => {
    const curl = { method: 'GET', userAgent: 'curl/7.68.0', alerts: undefined, body: '' };
    expect(one(curl)).toEqual([
      'arriving no: a ping comes from elsewhere: GET of curl/7.68.0; the switch would stay quiet while alerting is dead',
    ]);
    expect(one({ ...curl, userAgent: '', body: 'backup done' })[0]).toContain('GET of an unknown program ("backup done")');
    expect(one({ alerts: [{ name: 'DiskFull', status: 'firing' }] })[0]).toContain('POST of Alertmanager/0.25.0 ("DiskFull firing")');
    expect(one({ alerts: [{ name: 'Watchdog', status: 'resolved' }] })[0]).toContain('("Watchdog resolved")');
    // Anybody can call themselves Alertmanager.
    expect(one({ alerts: undefined, body: 'hello' })[0]).toContain('arriving no');
    expect(one({ alerts: undefined, body: '' })[0]).toContain('arriving unknown: Alertmanager pings the switch, but nothing is kept');
  });

  it.each(['fail', 'start', 'log', 'ign'])('must not arrive as "%s"', (type) => {
    expect(one({ type })).toEqual([`arriving no: a ping arrives as "${type}", which does not keep the switch quiet`]);
  });

  it('must come before the switch loses patience', () => {
    const after = (seconds: number) => ({ at: new Date(Date.UTC(2026, 0, 1, 0, 4, seconds)).toISOString() });
    expect(one(after(119))).toEqual([]);
    expect(judge({ arriving: arrived(ping(8), ping(9, after(90))) }).told[4]).toContain('later than the period of 1m but within the grace');
    expect(one(after(120))[0]).toContain('up to 2m apart: the switch waits only 2m');
    expect(one({ at: 'yesterday' })[0]).toContain('arriving unknown: the times of the pings cannot be read');
  });

  it('are unknown when they could not be read', () => {
    expect(judge({ arriving: { trouble: { code: 'stack/unreachable', says: 'gone' } }, noticed: undefined }).against[0]).toBe(
      'arriving unknown: could not be looked at: gone',
    );
  });
});

describe('its silence', () => {
  const { downAfterMs: _down, back: _back, told: _told, ...unnoticed } = watched;
  const late = { watchedMs: 315_000, statuses: [{ status: 'up', afterMs: 0 }] };

  it('must be noticed', () => {
    const judged = judge({ noticed: { ...unnoticed, ...late } });
    expect(judged).toMatchObject({ verdict: 'disproven', grade: 'arriving' });
    expect(judged.against).toEqual(['noticed no: Watchdog was silenced, and the switch did not notice in 5m15s: it is still "up"']);
  });

  it('is not noticed by a switch that works out that it is down and writes nothing down', () => {
    const statuses = [{ status: 'down', afterMs: 120_000 }];
    expect(judge({ noticed: { ...unnoticed, ...late, statuses } }).against[0]).toContain(
      'by its times it is down, but it wrote down no change',
    );
  });

  it('is not noticed while others ping', () => {
    const stranger = ping(10, { userAgent: 'curl', alerts: undefined, body: '' });
    expect(judge({ noticed: { ...unnoticed, ...late, pings: [stranger] } }).against[0]).toContain('it was still pinged, by POST of curl');
  });

  it('must be noticed in time', () => {
    expect(judge(afterwards({ downAfterMs: 301_000 })).against).toEqual([
      'noticed no: Watchdog was silenced, and the switch noticed too late: after 5m1s; 5m are allowed',
    ]);
    expect(judge(afterwards({ downAfterMs: 300_000 })).verdict).toBe('proven');
  });

  it('is unknown when nobody watched long enough, or could', () => {
    expect(judge({ noticed: { ...unnoticed, ...late, watchedMs: 299_000 } })).toMatchObject({
      verdict: 'inconclusive',
      against: ['noticed unknown: Watchdog was silenced, and the switch was watched for 4m59s only'],
    });
    const lookTrouble = { code: 'stack/unreachable', says: 'gone' };
    expect(judge({ noticed: { ...unnoticed, ...late, lookTrouble } })).toMatchObject({ verdict: 'inconclusive' });
    expect(judge({ noticed: { trouble: lookTrouble } }).against).toEqual(['noticed unknown: could not be looked at: gone']);
  });

  it('must be told', () => {
    expect(judge(afterwards({ told: { lookedForMs: 315_000, arrivals: [] } })).against).toEqual([
      'noticed no: the switch noticed, but its alarm did not come to oncall in 5m15s',
    ]);
    const hidden = { ...arrival, seenByPeople: false };
    expect(judge(afterwards({ told: { afterMs: 1, lookedForMs: 1, arrivals: [hidden] } })).verdict).toBe('disproven');
    expect(judge(afterwards({ told: { afterMs: 301_000, lookedForMs: 1, arrivals: [arrival] } })).against[0]).toContain('; 5m are allowed');
    expect(judge(afterwards({ told: { trouble: { code: 'channel/refused', says: 'no' } } })).against[0]).toContain(
      'could not be looked at: no',
    );
    expect(judge(afterwards({ told: undefined })).verdict).toBe('inconclusive');
    expect(judge(afterwards({ told: undefined }), { tells: undefined })).toMatchObject({ verdict: 'proven' });
  });

  it('must be over again', () => {
    expect(judge(afterwards({ back: { waitedMs: 300_000, status: 'down' } })).against).toEqual([
      'noticed no: the switch did not come back: 5m after the alert was let go again it is "down"',
    ]);
    expect(judge(afterwards({ back: undefined })).verdict).toBe('inconclusive');
  });

  it.each([
    [{ outcome: 'not-up', status: 'down' }, 'the switch was "down" before anything was stopped'],
    [{ outcome: 'not-stopped', says: 'HTTP 403' }, 'the alert could not be stopped: HTTP 403'],
  ])('shows nothing when nothing was stopped: %o', (noticed, says) => {
    expect(judge({ noticed })).toMatchObject({ verdict: 'inconclusive', against: [expect.stringContaining(says)] });
  });
});
