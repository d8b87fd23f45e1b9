import { expect, it } from 'vitest';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { recentAlerts } from '../../src/web/recent-alerts.ts';
import { serveHttp } from '../probes/loopback.ts';

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`) / 1_000;
const labelsOf = (name: string, severity: string) => ({ alertname: name, severity });
const rule = (name: string, severity: string, activeAt: string) => ({
  type: 'alerting',
  name,
  query: 'up == 0',
  duration: 0,
  labels: { severity },
  annotations: {},
  state: 'firing',
  health: 'ok',
  lastError: '',
  lastEvaluation: activeAt,
  alerts: [{ labels: labelsOf(name, severity), annotations: { summary: `${name}!` }, state: 'firing', activeAt, value: '1' }],
});

it('lists what fires and what has fired, newest first, each once, and no watchdog', async () => {
  const rules = [rule('Down', 'critical', '2026-03-01T09:00:00Z'), rule('Watchdog', 'none', '2026-03-01T01:00:00Z')];
  const series = (name: string, severity: string, ...times: string[]) => ({
    metric: { __name__: 'ALERTS', alertstate: 'firing', ...labelsOf(name, severity) },
    values: times.map((time) => [at(time), '1']),
  });
  await using server = await serveHttp(({ url = '' }, response) => {
    const data = url.includes('/rules')
      ? { groups: [{ name: 'g', file: 'f', interval: 1, rules }] }
      : {
          resultType: 'matrix',
          result: [series('Down', 'critical', '09:00:00', '09:01:00'), series('Slow', 'high', '08:00:00', '09:00:30')],
        };
    response.end(JSON.stringify({ status: 'success', data }));
  });
  const alerts = await recentAlerts(connectPrometheus({ name: 'Prometheus', url: server.url }), AbortSignal.timeout(10_000));
  expect(alerts).toEqual([
    { name: 'Slow', state: 'resolved', at: '2026-03-01T09:00:30.000Z', severity: 'high', summary: '' },
    { name: 'Down', state: 'firing', at: '2026-03-01T09:00:00Z', severity: 'critical', summary: 'Down!' },
  ]);
});
