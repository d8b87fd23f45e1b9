import { describe, expect, it } from 'vitest';
import { checkNamed, metricsOf, resultOf, seriesOf } from './sample.ts';

const home = 'check="home",place="here",probe="http",severity=""';

async function after(...results: Parameters<typeof resultOf>[0][]) {
  using metrics = metricsOf();
  metrics.declare([checkNamed('home')]);
  for (const each of results) metrics.result(resultOf(each), [{ metric: 'probe_http_status_code', value: 200 }]);
  return await metrics.text();
}

describe('the metrics of a check', () => {
  it('say that it passed, and how long that took', async () => {
    const text = await after({});
    expect(seriesOf(text, 'probe_success')).toEqual([`probe_success{${home}} 1`]);
    expect(seriesOf(text, 'probe_duration_seconds')).toEqual([`probe_duration_seconds{${home}} 0.04`]);
    expect(seriesOf(text, 'liveproof_check_error')).toEqual([`liveproof_check_error{${home}} 0`]);
    expect(seriesOf(text, 'probe_http_status_code')).toEqual([`probe_http_status_code{${home}} 200`]);
  });

  it('say that it failed', async () => {
    expect(seriesOf(await after({ status: 'fail' }), 'probe_success')).toEqual([`probe_success{${home}} 0`]);
  });

  it('say neither when it could not tell: an error is no failure of the target, and no success', async () => {
    const text = await after({}, { status: 'error' });
    expect(seriesOf(text, 'probe_success')).toEqual([]);
    expect(seriesOf(text, 'probe_duration_seconds')).toEqual([]);
    expect(seriesOf(text, 'probe_http_status_code')).toEqual([]);
    expect(seriesOf(text, 'liveproof_check_error')).toEqual([`liveproof_check_error{${home}} 1`]);
  });

  it('are absent before the first run, but for counters, which begin at zero', async () => {
    const text = await after();
    expect(seriesOf(text, 'probe_success')).toEqual([]);
    expect(seriesOf(text, 'liveproof_check_error')).toEqual([]);
    expect(seriesOf(text, 'liveproof_results_total')).toEqual(
      ['pass', 'fail', 'error'].map((status) => `liveproof_results_total{${home},status="${status}"} 0`),
    );
  });

  it('count results by status, attempts after the first, and durations of what told something', async () => {
    const text = await after({}, { status: 'fail', attempts: 3 }, { status: 'error', durationMs: 9_000 });
    expect(seriesOf(text, 'liveproof_results_total').map((line) => line.at(-1))).toEqual(['1', '1', '1']);
    expect(seriesOf(text, 'liveproof_retries_total')).toEqual([`liveproof_retries_total{${home}} 2`]);
    expect(seriesOf(text, 'liveproof_check_duration_seconds_count')).toEqual([`liveproof_check_duration_seconds_count{${home}} 2`]);
    expect(seriesOf(text, 'liveproof_check_duration_seconds_sum')).toEqual([`liveproof_check_duration_seconds_sum{${home}} 0.08`]);
  });

  it('keep what is believed while a run could not tell', async () => {
    using metrics = metricsOf();
    metrics.declare([checkNamed('home')]);
    expect(seriesOf(await metrics.text(), 'liveproof_check_failing')).toEqual([]);
    metrics.believe('home', true);
    metrics.result(resultOf({ status: 'error' }), []);
    expect(seriesOf(await metrics.text(), 'liveproof_check_failing')).toEqual([`liveproof_check_failing{${home}} 1`]);
  });

  it('end with the check, also when its last run comes to an end later', async () => {
    using metrics = metricsOf();
    metrics.declare([checkNamed('home'), checkNamed('shop')]);
    metrics.result(resultOf(), []);
    metrics.declare([checkNamed('shop')]);
    metrics.result(resultOf(), []);
    const text = await metrics.text();
    expect(text).not.toContain('check="home"');
    expect(text).toContain('check="shop"');
  });

  it('begin anew when a label changes, and go on when nothing does', async () => {
    using metrics = metricsOf();
    metrics.declare([checkNamed('home'), checkNamed('shop')]);
    metrics.result(resultOf(), []);
    metrics.result(resultOf({ check: 'shop' }), []);
    metrics.declare([checkNamed('home', { severity: 'critical' }), checkNamed('shop')]);
    const text = await metrics.text();
    const critical = home.replace('severity=""', 'severity="critical"');
    expect(seriesOf(text, 'liveproof_results_total').filter((line) => line.includes('status="pass"'))).toEqual([
      `liveproof_results_total{${home.replace('home', 'shop')},status="pass"} 1`,
      `liveproof_results_total{${critical},status="pass"} 0`,
    ]);
  });
});

describe('the metrics', () => {
  it('escape whatever stands in a label', async () => {
    using metrics = metricsOf();
    metrics.declare([checkNamed('a "b" \\ \n c')]);
    const lines = seriesOf(await metrics.text(), 'liveproof_retries_total');
    expect(lines).toEqual(['liveproof_retries_total{check="a \\"b\\" \\\\ \\n c",place="here",probe="http",severity=""} 0']);
  });

  it('tell of the daemon itself', async () => {
    using metrics = metricsOf({ troubles: ['no network'], waitingResults: 7 });
    metrics.missed('no-room', 3);
    metrics.stored({ ok: false, results: 5, tookMs: 3 });
    metrics.dropped(4);
    const text = await metrics.text();
    expect(text).toContain(`liveproof_build_info{version="1.2.3",node="${process.version}"} 1\n`);
    expect(text).toContain('liveproof_missed_slots_total{reason="no-room"} 3\n');
    expect(text).toContain('liveproof_self_trouble{trouble="no network"} 1\n');
    expect(text).toContain('liveproof_store_waiting_results 7\n');
    expect(text).toContain('liveproof_store_writes_total{outcome="failed"} 1\n');
    expect(text).toContain('liveproof_store_results_total 0\n');
    expect(text).toContain('liveproof_store_dropped_results_total 4\n');
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it('leave the size of the store out when it cannot be told', async () => {
    using metrics = metricsOf({ storeBytes: undefined });
    expect(seriesOf(await metrics.text(), 'liveproof_store_size_bytes')).toEqual([]);
  });
});
