/** Valid options of every kind, in which every address leads to `port` on loopback. A new kind gets a line here. */
export function sampleOptions(port: number) {
  const url = `http://127.0.0.1:${String(port)}`;
  const twilio = { api: url, accountSid: `AC${'0'.repeat(32)}`, authToken: 'token', from: '+15550001111', to: '+15552223333' };
  const series = 'http_requests_total{job="app",status_code="500"}';
  return {
    channels: {
      chat: { url, body: '{"text":"{{text}}"}', confirm: { listen: '127.0.0.1:0', url } },
      email: {
        smtp: { host: '127.0.0.1', port, tls: 'none' },
        imap: { host: '127.0.0.1', port, tls: 'none', user: 'oncall', password: 'password' },
        from: 'a@b.test',
        to: 'c@d.test',
      },
      pagerduty: { events: url, api: url, routingKey: 'R0KEY', token: 'u+token' },
      phone: twilio,
      slack: { api: url, token: 'xoxb-token', channel: 'C0ONCALL' },
      sms: twilio,
      webhook: { url, listen: '127.0.0.1:0' },
    },
    probes: {
      browser: { script: `${import.meta.dirname}/../probes/flows/open.ts`, variables: { url } },
      http: {
        steps: [{ method: 'POST', url, expect: { json: { status: 'up' }, contains: 'up', headers: { 'x-a': 'b' } }, take: { id: 'id' } }],
      },
    },
    proofs: {
      alert: {
        rule: 'HighErrorRate',
        for: '5m',
        firesWhen: [{ say: '2 errors a second', series: [{ series, rate: 2 }] }],
        silentWhen: [{ say: 'no errors', series: [{ series, rate: 0 }] }],
        receivers: ['oncall'],
        channels: ['hook'],
        deliveredWithin: '1m',
        fault: { says: 'errors', inject: { url }, undo: { method: 'DELETE', url }, lasts: '1m' },
      },
      access: { board: 'operations', as: ['ada'], refused: ['mary', 'nobody'] },
      channel: { channel: 'hook' },
      check: { check: 'health' },
      dashboard: { board: 'operations', as: 'ada' },
      metrics: {
        job: 'app',
        metrics: [{ name: 'http_requests_total', type: 'counter', labels: ['status_code'] }],
        stimulus: { check: 'health' },
        moves: [{ series, by: 1 }],
      },
      redundancy: {
        labels: { severity: 'warning' },
        channel: 'ops',
        takeAway: [
          {
            says: 'the first Alertmanager is down',
            gone: [`http://127.0.0.1:${String(port)}`],
            inject: { url: `http://127.0.0.1:${String(port)}/a/stop` },
            undo: { url: `http://127.0.0.1:${String(port)}/a/start` },
            lasts: '5m',
          },
        ],
      },
      retention: { atLeast: '30d' },
      scrape: { job: 'app', interval: '15s' },
      watchdog: {
        rule: 'Watchdog',
        receiver: 'dead-man',
        noticedWithin: '5m',
        tells: 'hook',
        stop: { says: 'Prometheus is gone', inject: { url }, undo: { method: 'DELETE', url }, lasts: '1m' },
      },
    },
  } as const satisfies Record<string, Record<string, object>>;
}

/** The board that the samples speak of. */
export const sampleBoard = {
  board: 'operations',
  title: 'Operations',
  refresh: '10s',
  access: { roles: ['engineering'] },
  panels: [{ panel: 'up', title: 'Up', show: 'stat', queries: [{ query: 'up' }] }],
};
