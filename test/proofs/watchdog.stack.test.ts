import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HealthchecksBehaviour } from '../sandbox/healthchecks.ts';
import { serveHttp } from '../probes/loopback.ts';
import { askJson } from '../sandbox/ask.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { startLiveWatchdog, type LiveWatchdog, type ProveOptions } from './watchdog/live.ts';

let live: LiveWatchdog;
beforeAll(async () => {
  live = await startLiveWatchdog();
});
afterAll(async () => await live.stop());

/** Whatever a test has done to it, the next one begins with a switch that is up. */
afterEach(async () => {
  live.healthchecks.behave({ kind: 'work' });
  if (live.alertmanager.written() !== live.alertmanagerConfig) await live.alertmanager.reload(live.alertmanagerConfig);
  await waitUntil('the switch is up', () => live.healthchecks.status() === 'up' && live.healthchecks.flips().at(-1)?.to === 'up');
});

const config = (change: (config: string) => string) => async (): Promise<void> => live.alertmanager.reload(change(live.alertmanagerConfig));
const switched = (behaviour: HealthchecksBehaviour) => (): void => live.healthchecks.behave(behaviour);

describe('a watchdog', () => {
  test('is proven when its silence is noticed outside, told, and over again', async () => {
    const { verdict, effects } = await live.prove();
    expect(verdict).toMatchObject({ state: 'proven', grade: 'noticed' });
    expect(verdict.reasons.map(({ grade, says }) => `${grade}: ${says}`)).toEqual([
      'configured: the rule is loaded and fires: `vector(1)`',
      'configured: Alertmanager routes it to dead-man',
      'configured: the dead-man\'s switch "accubooks watchdog" watches with its period of 1s500ms and grace of 1s500ms (allowed: 6s) and tells one integration',
      'configured: a ping may take 400ms (repeat_interval 300ms, at ticks of group_interval 400ms); the switch waits 3s',
      expect.stringMatching(/^arriving: \d pings of Watchdog arrived from Alertmanager, up to .* apart/),
      expect.stringMatching(/^noticed: \{alertname="Watchdog", severity="none"\} was silenced, and the switch noticed after [\d.]+ s/),
      expect.stringMatching(
        /^noticed: its alarm was read back from "127.0.0.1:\d+\/alarms" .* after the stop: .*accubooks watchdog is down/,
      ),
      expect.stringMatching(/^noticed: it was up again .* after the alert was let go$/),
    ]);
    expect(effects.map(({ type }) => type)).toEqual(['effect-made', 'effect-undone']);
  });

  test('is looked at no further than the gate asks: nothing is silenced below "noticed"', async () => {
    const { verdict, effects, facts } = await live.prove({ grade: 'arriving' });
    expect(verdict).toMatchObject({ state: 'proven', grade: 'arriving' });
    expect([effects, facts.noticed]).toEqual([[], undefined]);
    expect((await live.prove({ grade: 'configured' })).facts.arriving).toBeUndefined();
  });

  test('without a channel says that only the change of the switch was seen', async () => {
    const { verdict } = await live.prove({ requirement: { tells: undefined } });
    expect(verdict.state).toBe('proven');
    expect(verdict.reasons).toContainEqual(
      expect.objectContaining({ says: expect.stringContaining('whom the switch told was not looked at') }),
    );
  });

  test('can be stopped by a request instead, which is undone by another', async () => {
    let silence = '';
    await using breaker = await serveHttp((request, response) => {
      const acted = request.method === 'POST' ? take() : live.alertmanager.expireSilence(silence);
      void acted.then(() => response.writeHead(202).end());
    });
    const take = async (): Promise<void> => {
      silence = await live.alertmanager.silence({ labels: { alertname: 'Watchdog' } });
    };
    const stop = { says: 'it was taken away', inject: { url: breaker.url }, undo: { method: 'DELETE', url: breaker.url }, lasts: '20s' };
    const { verdict, effects } = await live.prove({ requirement: { stop } });
    expect(verdict.reasons).toContainEqual(
      expect.objectContaining({ says: expect.stringContaining('it was taken away, and the switch noticed after') }),
    );
    expect([verdict.state, effects]).toEqual([
      'proven',
      [
        { type: 'effect-made', says: 'it was taken away' },
        { type: 'effect-undone', says: 'it was taken away' },
      ],
    ]);
  });

  test('is let go at once when the run is stopped', async () => {
    const stopping = new AbortController();
    const stopped = live.prove({
      signal: stopping.signal,
      tell: ({ type }) => {
        if (type === 'effect-made') stopping.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    const silences = await askJson<{ status: { state: string } }[]>('GET', `${live.alertmanager.url}/api/v2/silences`);
    expect(silences.filter(({ status }) => status.state !== 'expired')).toEqual([]);
  });
});

interface Row {
  readonly says: string;
  readonly broken?: () => unknown;
  readonly options?: () => ProveOptions;
  readonly state: 'disproven' | 'inconclusive';
  /** The rung that does not hold. */
  readonly grade: string;
  readonly because: RegExp;
}

const routes: readonly Row[] = [
  {
    says: 'there is no such rule',
    options: () => ({ requirement: { rule: 'Watchdogs' } }),
    state: 'disproven',
    grade: 'configured',
    because: /Prometheus has no alerting rule Watchdogs/,
  },
  {
    says: 'the rule does not fire',
    options: () => ({ requirement: { rule: 'Sleeper' } }),
    state: 'disproven',
    grade: 'configured',
    because: /the rule does not fire, it is inactive: `vector\(1\) > 2`/,
  },
  {
    says: 'the alert is routed elsewhere',
    broken: config((text) => text.replace('alertname="Watchdog"', 'alertname="Watchdogs"')),
    state: 'disproven',
    grade: 'configured',
    because: /routes it to nobody, not to dead-man/,
  },
  {
    says: 'there is no such receiver',
    options: () => ({ requirement: { receiver: 'dead-men' } }),
    state: 'disproven',
    grade: 'configured',
    because: /routes it to dead-man, not to dead-men/,
  },
  {
    says: 'it is repeated too rarely',
    broken: config((text) => text.replace('repeat_interval: 300ms', 'repeat_interval: 4h')),
    state: 'disproven',
    grade: 'configured',
    because: /a ping may take 4h400ms \(repeat_interval 4h, .*the switch waits only 3s: it raises false alarms/,
  },
];

const switches: readonly Row[] = [
  {
    says: 'it is paused',
    broken: switched({ kind: 'paused' }),
    state: 'disproven',
    grade: 'configured',
    because: /is paused: it notices nothing/,
  },
  {
    says: 'it tells nobody',
    broken: switched({ kind: 'no-channels' }),
    state: 'disproven',
    grade: 'configured',
    because: /tells nobody: no integration/,
  },
  {
    says: 'it waits longer than is allowed',
    options: () => ({ requirement: { noticedWithin: '2s' } }),
    state: 'disproven',
    grade: 'configured',
    because: /may notice too late: .* are 3s, 2s are allowed/,
  },
  {
    says: 'there is none of this id',
    options: () => ({ check: crypto.randomUUID() }),
    state: 'disproven',
    grade: 'configured',
    because: /there is no such dead-man's switch/,
  },
  {
    says: 'it is of another project',
    options: () => ({ check: live.healthchecks.foreignCheck }),
    state: 'inconclusive',
    grade: 'configured',
    because: /could not be asked: .* refused us with HTTP 403/,
  },
  {
    says: 'the key is wrong',
    broken: switched({ kind: 'refuse' }),
    state: 'inconclusive',
    grade: 'configured',
    because: /could not be asked: .* refused us with HTTP 401/,
  },
  {
    says: 'the key may only read',
    options: () => ({ apiKey: live.healthchecks.readOnlyKey }),
    state: 'inconclusive',
    grade: 'configured',
    because: /the key does not show whether .* tells anybody/,
  },
  {
    says: 'it answers 500',
    broken: switched({ kind: 'status', status: 500, of: 'management' }),
    state: 'inconclusive',
    grade: 'configured',
    because: /could not be asked: .* HTTP 500/,
  },
  {
    says: 'it limits us',
    broken: switched({ kind: 'status', status: 429, retryAfterS: 30, of: 'management' }),
    state: 'inconclusive',
    grade: 'configured',
    because: /could not be asked: .* HTTP 429/,
  },
];

const pings: readonly Row[] = [
  {
    says: 'pings are taken and forgotten',
    broken: switched({ kind: 'drop' }),
    state: 'disproven',
    grade: 'arriving',
    because: /no ping came in [\d.]+ s; the last of \d+ was at 20/,
  },
  {
    says: 'pings are refused',
    broken: switched({ kind: 'status', status: 503, of: 'ping' }),
    state: 'disproven',
    grade: 'arriving',
    because: /no ping came/,
  },
  {
    says: 'another switch is pinged',
    broken: config((text) => text.replace(live.healthchecks.check, crypto.randomUUID())),
    state: 'disproven',
    grade: 'arriving',
    because: /no ping came/,
  },
  {
    says: 'it is told that something has failed',
    broken: config((text) => text.replace(live.healthchecks.check, `${live.healthchecks.check}/fail`)),
    state: 'disproven',
    grade: 'arriving',
    because: /a ping arrives as "fail"/,
  },
];

const silence: readonly Row[] = [
  {
    says: 'it never notices',
    broken: switched({ kind: 'never-notices' }),
    state: 'disproven',
    grade: 'noticed',
    because: /did not notice in [\d.]+ s: by its times it is down, but it wrote down no change/,
  },
  {
    says: 'it notices late',
    broken: switched({ kind: 'notices-late', ms: 4_500 }),
    state: 'disproven',
    grade: 'noticed',
    because: /noticed too late: after [\d.]+ s; 6s are allowed/,
  },
  {
    says: 'its alarm is lost',
    broken: switched({ kind: 'tells-nobody' }),
    state: 'disproven',
    grade: 'noticed',
    because: /the switch noticed, but its alarm did not come to hook in [\d.]+ s/,
  },
  {
    says: 'it does not come back',
    broken: switched({ kind: 'stays-down' }),
    state: 'disproven',
    grade: 'noticed',
    because: /did not come back: [\d.]+ s after the alert was let go again it is "down"/,
  },
  {
    says: 'it answers nothing while it is watched',
    options: () => ({
      requirement: { noticedWithin: '4s' },
      tell: ({ type }) => {
        if (type !== 'effect-made') return;
        const late = waitUntil('the switch is late', () => live.healthchecks.status() === 'grace');
        void late.then(() => live.healthchecks.behave({ kind: 'status', status: 500 }));
      },
    }),
    state: 'inconclusive',
    grade: 'noticed',
    because: /HTTP 500/,
  },
];

describe.each([
  ['the rule or the route', routes],
  ['the switch', switches],
  ['the pings', pings],
  ['the alarm', silence],
] as const)('%s not as it must be:', (_, rows) => {
  test.each(rows)('$says', async ({ broken, options, state, grade, because }) => {
    await broken?.();
    const { verdict, against } = await live.prove(options?.());
    expect(against).toContainEqual(expect.objectContaining({ grade, says: expect.stringMatching(because) }));
    expect(verdict.state).toBe(state);
  });
});

describe('a watchdog that is not the only one to ping its switch', () => {
  /** Somebody's job that was given the same URL. */
  async function withStranger<Result>(work: (start: () => void) => Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const ping = (): unknown => fetch(live.healthchecks.pingUrl, { headers: { 'user-agent': 'backup.sh' } }).catch(() => undefined);
    const start = (): void => void (timer = setInterval(ping, 150));
    try {
      return await work(start);
    } finally {
      clearInterval(timer);
    }
  }

  test('is refused: the switch would stay quiet while alerting is dead', async () => {
    const { verdict, against } = await withStranger(async (start) => {
      start();
      return await live.prove();
    });
    expect([verdict.state, against[0]?.grade]).toEqual(['disproven', 'arriving']);
    expect(against[0]?.says).toContain('a ping comes from elsewhere: GET of backup.sh; the switch would stay quiet');
  });

  test('is refused when that shows only once it is silenced', async () => {
    const { verdict, against } = await withStranger((start) =>
      live.prove({ requirement: { noticedWithin: '4s' }, tell: ({ type }) => type === 'effect-made' && start() }),
    );
    expect([verdict.state, against[0]?.grade]).toEqual(['disproven', 'noticed']);
    expect(against[0]?.says).toMatch(/the switch did not notice in [\d.]+ s: it was still pinged, by GET of backup\.sh/);
  });
});

test('a watchdog that somebody has silenced is not told from one that is dead', async () => {
  const id = await live.alertmanager.silence({ labels: { alertname: 'Watchdog' }, comment: 'too noisy' });
  try {
    const { verdict, against } = await live.prove();
    expect(verdict.state).toBe('inconclusive');
    expect(against[0]?.says).toMatch(/would ping nobody now: it is silenced by silence .* of test sandbox until .* \("too noisy"\)/);
  } finally {
    await live.alertmanager.expireSilence(id);
  }
});
