import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { healthyRules, startWatched, type Watched } from './victoria-metrics/watched.ts';

/** What the report says of each item: its state, the grade reached, and what speaks against it. */
function told(report: Report) {
  return Object.fromEntries(
    report.items.map(({ id, state, grade, reasons }) => [
      id,
      { state, grade, against: reasons.filter(({ holds }) => holds !== 'yes').map(({ says }) => says) },
    ]),
  );
}

test.concurrent('a healthy VictoriaMetrics with its defaults proves every item, with real firing and delivery', async () => {
  await using watched = await startWatched({ flags: ['-retentionPeriod=30d'] });
  const report = await watched.prove();
  expect(told(report)).toEqual({
    scrape: { state: 'proven', grade: 'on-time', against: [] },
    metrics: { state: 'proven', grade: 'scraped', against: [] },
    moves: { state: 'proven', grade: 'responsive', against: [] },
    work: { state: 'proven', grade: 'shown-to-fail', against: [] },
    retention: { state: 'proven', grade: 'sufficient', against: [] },
    alert: { state: 'proven', grade: 'delivered', against: [] },
  });
  expect(report.decision).toBe('proceed');
  // Its rules look half a minute into the past: the alert of the first proof is still there when the second one begins.
  expect(told(await watched.prove({ only: ['alert'] }))['alert']).toEqual({ state: 'proven', grade: 'delivered', against: [] });
});

describe('a gate on VictoriaMetrics refuses', () => {
  let watched: Watched;
  beforeAll(async () => {
    watched = await startWatched({ flags: ['-search.latencyOffset=1s', '-retentionPeriod=1w'] });
  });
  afterAll(async () => await watched.stop());

  const alertOnly = async () => told(await watched.prove({ only: ['alert'] }))['alert'];

  test('a retention that is too short', async () => {
    const { retention } = told(await watched.prove({ only: ['retention'] }));
    expect(retention).toEqual({
      state: 'disproven',
      grade: 'declared',
      against: ['VictoriaMetrics keeps samples for 7d, as -retentionPeriod=1w says; 30d required'],
    });
  });

  test('an alert whose rule is missing', async () => {
    await watched.victoriaMetrics.reloadRules(healthyRules.replace('QueueTooLong', 'QueueVeryLong'));
    expect(await alertOnly()).toMatchObject({ state: 'disproven', against: ['Prometheus has no alerting rule named QueueTooLong'] });
  });

  test('an alert with another threshold, in its expression and in what it does', async () => {
    await watched.victoriaMetrics.reloadRules(healthyRules.replace('>200', '>300'));
    const alert = await alertOnly();
    expect(alert?.state).toBe('disproven');
    expect(alert?.against.join('\n')).toContain('the loaded rule asks `max by (job) (queue_depth{job="app"})>300`, required is');
    expect(alert?.against.join('\n')).toContain('the rule does not fire when 250 jobs wait');
  });

  test('an alert that waits too long', async () => {
    await watched.victoriaMetrics.reloadRules(healthyRules.replace('for: 2s', 'for: 20s'));
    const alert = await alertOnly();
    expect(alert?.state).toBe('disproven');
    expect(alert?.against[0]).toContain('the loaded rule waits "for: 20s", required is 2s');
  });

  test('an alert whose rule cannot be evaluated, in the words of VictoriaMetrics', async () => {
    await watched.victoriaMetrics.reloadRules(
      healthyRules.replace('max by (job) (queue_depth{job="app"})>200', 'queue_depth > on () {job="app"}'),
    );
    const alert = await alertOnly();
    expect(alert?.state).toBe('disproven');
    expect(alert?.against.join('\n')).toMatch(/^Prometheus cannot evaluate the rule: .*duplicate/m);
  });

  test('an alert that MetricsQL alone can read, as one that promtool cannot try', async () => {
    await watched.victoriaMetrics.reloadRules(
      healthyRules.replace('max by (job) (queue_depth{job="app"})>200', '(queue_depth{job="app"} default 0)>200'),
    );
    const alert = await alertOnly();
    expect(alert?.state).toBe('inconclusive');
    expect(alert?.against).toEqual([
      expect.stringContaining('one of them is not PromQL, so whether they mean the same cannot be told'),
      expect.stringContaining('is not PromQL, which is all that promtool can try'),
    ]);
  });

  test('an alert that no route takes to its receiver', async () => {
    await watched.victoriaMetrics.reloadRules(healthyRules);
    await watched.alertmanager.reload(watched.alertmanagerConfig.replace('alertgroup="queue"', 'alertgroup="others"'));
    const alert = await alertOnly();
    expect(alert?.state).toBe('disproven');
    await watched.alertmanager.reload(watched.alertmanagerConfig);
  });

  test('a metric that the application no longer exports', async () => {
    watched.exporter.show('# TYPE jobs_total counter\njobs_total{queue="mail"} 7\n');
    await watched.victoriaMetrics.waitForScrapes(2);
    const { metrics } = told(await watched.prove({ only: ['metrics'] }));
    expect(metrics?.state).toBe('disproven');
    expect(metrics?.against.join('\n')).toContain('queue_depth');
  });

  test('a target that is down, in the words of VictoriaMetrics', async () => {
    watched.exporter.answerWith(503);
    await watched.victoriaMetrics.waitForScrapes(2);
    const { scrape, metrics } = told(await watched.prove({ only: ['scrape', 'metrics'] }));
    watched.exporter.answerWith(200);
    expect(scrape?.state).toBe('disproven');
    expect(scrape?.against[0]).toMatch(/is down: .*503/);
    expect(metrics?.state).not.toBe('proven');
  });
});

test.concurrent(
  'a vmalert that sends to another Alertmanager is refused, and behind VictoriaMetrics, where nobody tells, it is not proven',
  async () => {
    await using watched = await startWatched({ notifier: 'http://127.0.0.1:9' });
    const direct = told(await watched.prove({ only: ['alert'], grade: 'loaded' }))['alert'];
    expect(direct?.state).toBe('disproven');
    expect(direct?.against[0]).toMatch(/^Prometheus sends its alerts to http:\/\/127\.0\.0\.1:9\/api\/v2\/alerts, the gate questions/);
    const proxied = told(await watched.prove({ only: ['alert'], nameVmalert: false, grade: 'loaded' }))['alert'];
    expect(proxied).toEqual({
      state: 'inconclusive',
      grade: 'declared',
      against: ['VictoriaMetrics does not tell which Alertmanager its vmalert sends alerts to'],
    });
  },
);

test.concurrent('without vmalert nothing is known of its rules, however it is asked', async () => {
  await using watched = await startWatched();
  await watched.victoriaMetrics.stopVmalert();
  const direct = told(await watched.prove({ only: ['alert'] }))['alert'];
  expect(direct).toMatchObject({ state: 'inconclusive', grade: 'declared' });
  expect(direct?.against[0]).toMatch(/vmalert at .* cannot be reached/);
  expect(told(await watched.prove({ only: ['alert'], nameVmalert: false }))['alert']).toMatchObject({
    state: 'inconclusive',
    grade: 'declared',
  });
});

test.concurrent('a VictoriaMetrics that does not know its vmalert cannot tell whether the rule is loaded; vmalert can', async () => {
  await using watched = await startWatched({ flags: ['-vmalert.proxyURL='] });
  expect(told(await watched.prove({ only: ['alert'], nameVmalert: false, grade: 'loaded' }))['alert']).toEqual({
    state: 'inconclusive',
    grade: 'declared',
    against: ['VictoriaMetrics shows no alerting rule at all: it runs none itself, and vmalert was not asked'],
  });
  expect(told(await watched.prove({ only: ['alert'], grade: 'loaded' }))['alert']).toMatchObject({ state: 'proven', grade: 'loaded' });
});

test.concurrent('a vmalert behind VictoriaMetrics is proven once its alert was seen at the Alertmanager', async () => {
  await using watched = await startWatched({ flags: ['-search.latencyOffset=1s', '-retentionPeriod=2'] });
  expect(told(await watched.prove({ nameVmalert: false }))).toMatchObject({
    retention: { state: 'proven' },
    alert: { state: 'proven', against: [] },
  });
});
