import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signalsOfFault } from '../../src/gate/signals.ts';
import { connectAlertmanager } from '../../src/stack/alertmanager.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { contextWith } from '../proofs/context.ts';

const routes = `route:
  receiver: log
  routes: [{ receiver: pager, matchers: [severity="page"] }]
receivers: [{ name: log }, { name: pager }]
`;
const rule = {
  type: 'alerting',
  name: 'Errors',
  query: 'vector(1)',
  duration: 0,
  labels: { severity: 'low' },
  annotations: {},
  state: 'inactive',
  health: 'ok',
  lastEvaluation: '2026-03-01T09:00:00Z',
  alerts: [],
};

let configuration = '';
let url = '';
const server = createServer(({ url: asked = '' }, response) => {
  const data: Readonly<Record<string, unknown>> = {
    '/api/v1/rules': { groups: [{ name: 'g', file: 'f', interval: 15, rules: [rule] }] },
    '/api/v1/status/config': { yaml: configuration },
    '/api/v1/alertmanagers': { activeAlertmanagers: [{ url: `${url}/api/v2/alerts` }] },
  };
  const status = { versionInfo: { version: '0.28.1' }, cluster: { status: 'disabled' }, config: { original: routes } };
  const path = asked.split('?')[0] ?? '';
  response.end(JSON.stringify(path === '/api/v2/status' ? status : { status: 'success', data: data[path] }));
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => void server.close());

async function signals(alerting: string) {
  configuration = `alerting: ${alerting}\n`;
  const one = { name: 'it', url, token: undefined, place: undefined };
  const prometheus = connectPrometheus(one);
  const alertmanager = connectAlertmanager(one);
  const context = contextWith({ grade: 'fired', prometheus: () => prometheus, alertmanagers: () => [alertmanager] });
  return await signalsOfFault(undefined, ['Errors'], context);
}

describe('the alerts that a fault brings', () => {
  it('have the labels of their rule', async () => {
    const found = await signals('{}');
    expect(found).toMatchObject({ untold: [], signals: [{ alert: 'Errors', labels: { severity: 'low', alertname: 'Errors' } }] });
  });

  it('have labels that nobody knows where Prometheus changes them on their way', async () => {
    const { signals: [changed] = [] } = await signals('{ alert_relabel_configs: [{ target_label: severity, replacement: page }] }');
    expect(changed?.labels).toEqual({ alertname: 'Errors' });
  });

  it('have labels that nobody knows where Prometheus changes them for one of its Alertmanagers', async () => {
    const { signals: [changed] = [] } = await signals(
      '{ alertmanagers: [{ alert_relabel_configs: [{ target_label: severity, replacement: page }] }] }',
    );
    expect(changed).toEqual({ alert: 'Errors', labels: {}, without: [], at: [url] });
  });
});
