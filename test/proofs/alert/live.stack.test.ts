import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLive, type Live } from './live.ts';

const rules = `
groups:
  - name: queue
    interval: 1s
    rules:
      - alert: QueueTooLong
        expr: queue_depth > 200
        for: 2s
        labels: { severity: critical }
        annotations: { summary: The queue is long, description: '{{ $value }} jobs wait.' }
      - alert: NeverNoticed
        expr: queue_depth > 200000
        for: 0s
        labels: { severity: critical }
        annotations: { summary: a, description: b }
      - alert: AlwaysThere
        expr: queue_depth >= 0
        labels: { severity: high }
        annotations: { summary: a, description: b }
`;

const routing = `
route:
  receiver: nobody
  group_by: [alertname]
  group_wait: 200ms
  group_interval: 1s
  routes: [{ matchers: [severity="critical"], receiver: oncall }]
`;
const receivers = "receivers: [{ name: nobody }, { name: oncall, webhook_configs: [{ url: 'WEBHOOK' }] }]\n";
const inhibitRules = (equal: string) =>
  `inhibit_rules: [{ source_matchers: [severity="critical"], target_matchers: [severity="high"], equal: ${equal} }]\n`;

let live: Live;
beforeAll(async () => {
  live = await startLive({
    rules,
    metrics: (depth) => `# TYPE queue_depth gauge\nqueue_depth ${String(depth)}\n`,
    alertmanagerConfig: routing + receivers,
  });
});
afterAll(async () => live.stop());

const reconfigure = (config: string) => live.alertmanager.reload(config.replaceAll('WEBHOOK', live.webhookUrl));

const depth = (value: number) => [{ series: 'queue_depth{job="exporter"}', value }];
const queueTooLong = (change: object = {}) => ({
  rule: 'QueueTooLong',
  for: '2s',
  labels: { severity: 'critical' },
  annotations: ['summary', 'description'],
  firesWhen: [{ say: '250 jobs wait', series: depth(250) }],
  silentWhen: [{ say: '150 jobs wait', series: depth(150) }],
  receivers: ['oncall'],
  channels: ['hook'],
  deliveredWithin: '15s',
  fault: {
    says: 'the queue is filled',
    inject: { url: live.faultUrl },
    undo: { method: 'DELETE', url: live.faultUrl },
    lasts: '1m',
    firesWithin: '20s',
  },
  ...change,
});

describe('an alert on a healthy stack', () => {
  it('is proven up to its delivery, with the time of every hop, and leaves nothing behind', async () => {
    const { verdict, facts, effects } = await live.prove(queueTooLong(), 'delivered');
    expect(verdict.reasons.filter(({ holds }) => holds !== 'yes')).toEqual([]);
    expect(verdict).toMatchObject({ state: 'proven', grade: 'delivered' });
    const ms = expect.any(Number);
    expect(facts).toMatchObject({
      routed: { outcome: 'posted', held: { afterMs: ms, receivers: ['oncall'], state: 'active' } },
      delivered: {
        outcome: 'awaited',
        channels: [{ channel: 'hook', foundAfterMs: ms, arrivals: [expect.objectContaining({ status: 'firing' })] }],
      },
      fired: {
        outcome: 'watched',
        transitions: [
          { state: 'pending', afterMs: ms },
          { state: 'firing', afterMs: ms, value: '5e+02' },
        ],
        measured: { expression: 'queue_depth', largest: 500 },
        atAlertmanager: { afterMs: ms, receivers: ['oncall'] },
      },
    });
    expect(effects.map(({ type }) => type).toSorted()).toEqual(['effect-made', 'effect-made', 'effect-undone', 'effect-undone']);
    const held = facts.routed !== undefined && 'held' in facts.routed ? facts.routed.held?.fingerprint : undefined;
    const arrived = facts.delivered?.outcome === 'awaited' ? facts.delivered.channels[0]?.arrivals[0]?.fingerprint : undefined;
    expect(arrived).toBe(held);
  });

  it('does not look further than it is asked to', async () => {
    const { facts, verdict, effects } = await live.prove(queueTooLong(), 'loaded');
    expect(verdict).toMatchObject({ state: 'proven', grade: 'loaded' });
    expect(Object.keys(facts).toSorted()).toEqual(['grade', 'loaded']);
    expect(effects).toEqual([]);
  });

  it('wakes nobody when only its way is asked for', async () => {
    const { facts, verdict } = await live.prove(queueTooLong(), 'routed');
    expect(verdict).toMatchObject({ state: 'proven', grade: 'routed' });
    expect(facts).not.toHaveProperty('delivered');
    expect(facts).not.toHaveProperty('fired');
  });
});

describe('the way through Alertmanager', () => {
  afterEach(() => reconfigure(routing + receivers));

  it('is inconclusive under a silence, which is named, and no delivery is awaited', async () => {
    const id = await live.alertmanager.silence({ labels: { alertname: 'QueueTooLong' }, comment: 'deploying' });
    const { verdict, on } = await live.prove(queueTooLong({ fault: undefined }), 'delivered');
    await live.alertmanager.expireSilence(id);
    expect(verdict.state).toBe('inconclusive');
    expect(on('routed')).toEqual([
      expect.objectContaining({
        holds: 'unknown',
        says: expect.stringMatching(new RegExp(`silenced by silence ${id} of test sandbox .*"deploying"`)),
      }),
    ]);
    expect(on('delivered')).toEqual([expect.objectContaining({ holds: 'unknown' })]);
  });

  it('is inconclusive while a real alert inhibits it, and both are named', async () => {
    await reconfigure(
      `${routing + receivers}inhibit_rules: [{ source_matchers: [alertname="Outage"], target_matchers: [severity="critical"] }]\n`,
    );
    await live.alertmanager.postAlert({ labels: { alertname: 'Outage' } });
    const { verdict, on } = await live.prove(queueTooLong(), 'routed');
    expect(verdict.state).toBe('inconclusive');
    expect(on('routed')[0]?.says).toContain(
      'inhibited by alert Outage by inhibit rule 1 (alertname="Outage" holds back severity="critical")',
    );
  });

  it('is disproven by a route to another receiver', async () => {
    await reconfigure(routing.replace('severity="critical"', 'severity="crtical"') + receivers);
    const { verdict, on } = await live.prove(queueTooLong({ fault: undefined }), 'delivered');
    expect(verdict.state).toBe('disproven');
    expect(on('routed')[0]).toMatchObject({ holds: 'no', says: expect.stringContaining('to nobody, not to oncall') });
    expect(on('delivered')[0]?.holds).toBe('unknown');
  });

  it('is inconclusive when the labels of the test take another one', async () => {
    await reconfigure(
      routing
        .replace('routes: [', 'routes: [{ matchers: [liveproof_test="true"], receiver: oncall }, ')
        .replace('severity="critical"', 'severity="none"') + receivers,
    );
    const { verdict, on } = await live.prove(queueTooLong(), 'routed');
    expect(verdict.state).toBe('inconclusive');
    expect(on('routed')[0]?.says).toBe('the labels of the test change its way: without them the alert goes to nobody, with them to oncall');
  });

  it('is not tried when that would hold back real alerts', async () => {
    await reconfigure(routing + receivers + inhibitRules('[]'));
    const { verdict, on, effects } = await live.prove(queueTooLong(), 'routed');
    expect(verdict.state).toBe('inconclusive');
    expect(on('routed')[0]?.says).toMatch(/^no test alert was posted: by inhibit rule 1 .* it would have held back real alerts$/);
    expect(effects).toEqual([]);
  });

  it('is tried so that real alerts are not held back, where that can be avoided', async () => {
    await reconfigure(routing + receivers + inhibitRules('[instance]'));
    const { verdict, facts } = await live.prove(queueTooLong(), 'routed');
    expect(verdict).toMatchObject({ state: 'proven', grade: 'routed' });
    expect(facts.routed).toMatchObject({ labels: { instance: expect.stringMatching(/^liveproof-lp/) } });
  });
});

describe('a delivery', () => {
  afterEach(() => reconfigure(routing + receivers));

  it('that does not come is disproven, with what Alertmanager failed to do', async () => {
    await reconfigure(routing + receivers.replace('WEBHOOK', 'http://127.0.0.1:9/closed'));
    const { verdict, on } = await live.prove(queueTooLong({ fault: undefined, deliveredWithin: '4s' }), 'delivered');
    expect(verdict.state).toBe('disproven');
    expect(on('delivered')).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: 'the test alert did not arrive on hook within 4s',
        hint: expect.stringMatching(
          /^Alertmanager routed it to oncall; Alertmanager failed to send by webhook \d+ times? meanwhile: its log says why/,
        ),
      }),
    ]);
  });
});

describe('a fault', () => {
  it('that nobody notices disproves the rule, with how near its value came', async () => {
    const item = {
      ...queueTooLong({ rule: 'NeverNoticed', for: '0s' }),
      firesWhen: [{ say: '250000 jobs wait', series: depth(250_000) }],
      silentWhen: [{ say: '150000 jobs wait', series: depth(150_000) }],
    };
    const { verdict, on } = await live.prove({ ...item, fault: { ...item.fault, firesWithin: '4s' } }, 'fired');
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'routed' });
    expect(on('fired')[0]?.says).toMatch(
      /did not fire within 4s: it was never even pending; `queue_depth` was between 0 and 500 meanwhile$/,
    );
  });

  it('that is refused proves nothing', async () => {
    live.refuseFaultsWith(403);
    const { verdict, on } = await live.prove(queueTooLong(), 'fired');
    live.refuseFaultsWith(undefined);
    expect(verdict).toMatchObject({ state: 'inconclusive', grade: 'routed' });
    expect(on('fired')[0]?.says).toBe('the fault could not be made: the system under test answered HTTP 403: faults are off');
  });

  it('is not made for a rule that is not quiet, nor for one that fails its tests', async () => {
    const always = queueTooLong({ rule: 'AlwaysThere', for: '0s', labels: {}, receivers: ['nobody'] });
    const failing = await live.prove(always, 'fired');
    expect(failing.verdict.state).toBe('disproven');
    expect(failing.facts).not.toHaveProperty('fired');
    const firesAtAll = {
      firesWhen: [{ say: 'any job waits', series: depth(0) }],
      silentWhen: [{ say: 'a negative depth', series: depth(-1) }],
    };
    const { on, effects } = await live.prove({ ...always, ...firesAtAll }, 'fired');
    expect(on('fired')).toEqual([
      expect.objectContaining({
        holds: 'unknown',
        says: 'the rule was firing before any fault was made, so its firing would show nothing',
      }),
    ]);
    expect(effects.map(({ says }) => says).join()).not.toContain('the queue is filled');
  });
});

describe('a run that is stopped', () => {
  it('leaves nothing of what it did', async () => {
    const stop = new AbortController();
    const effects: string[] = [];
    const proving = live.prove(queueTooLong(), 'delivered', {
      signal: stop.signal,
      tell: ({ type, says }) => {
        effects.push(`${type}: ${says}`);
        if (effects.length === 2) stop.abort(new Error('stopped'));
      },
    });
    await expect(proving).rejects.toThrow('stopped');
    const fault = 'the queue is filled';
    const alert = `a test alert QueueTooLong is active in Alertmanager at ${live.alertmanager.url}`;
    expect(effects.toSorted()).toEqual([
      `effect-made: ${alert}`,
      `effect-made: ${fault}`,
      `effect-undone: ${alert}`,
      `effect-undone: ${fault}`,
    ]);
  });
});
