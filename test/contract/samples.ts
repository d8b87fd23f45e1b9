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
      dataset: {
        file: `${import.meta.dirname}/../probes/dataset/sample.jsonl`,
        label: 'label',
        positive: 'spam',
        request: { url, json: { text: '{{text}}' } },
        answer: { path: 'label' },
        expect: { accuracy: { atLeast: 0.9 }, precision: { atLeast: 0.9 }, recall: { atLeast: 0.9 }, falsePositiveRate: { atMost: 0.1 } },
      },
      heartbeat: { name: 'nightly-backup', expectEvery: '1d', grace: '1h' },
      dns: { name: 'app.test', server: '127.0.0.1', port, expect: { records: ['192.0.2.1'], includes: ['192.0.2.1'] } },
      grpc: { host: '127.0.0.1', port, service: 'a.B', headers: { authorization: 'Bearer a' } },
      http: {
        steps: [{ method: 'POST', url, expect: { json: { status: 'up' }, contains: 'up', headers: { 'x-a': 'b' } }, take: { id: 'id' } }],
        after: [{ name: 'away', method: 'DELETE', url: `${url}/{{id}}`, auth: { user: 'ada', password: 'password' }, redirects: 2 }],
        readAtMost: '64KiB',
      },
      redis: { host: '127.0.0.1', port, username: 'u', password: 'a-password', roundTrip: true, expect: { role: 'master', replicas: 1 } },
      sse: { url, trigger: { method: 'POST', url, json: { a: 1 } }, events: [{ event: 'price', contains: 'a', within: '1s' }] },
      tcp: { host: '127.0.0.1', port, talk: [{ contains: '220 ' }, { send: 'QUIT\r\n', matches: '^221' }] },
      tls: {
        host: '127.0.0.1',
        port,
        starttls: 'smtp',
        alpn: ['h2'],
        expect: { names: ['a.test'], cipher: 'TLS_AES_128_GCM_SHA256', issuer: 'a' },
      },
      isolation: {
        url,
        intruder: { name: 'A', credentials: { password: 'a-password' } },
        owner: { name: 'B', credentials: { password: 'b-password' } },
        signIn: { path: '/login', json: { password: '{{password}}' }, take: { token: 'token' } },
        headers: { authorization: 'Bearer {{token}}' },
        signedIn: '/me',
        find: [{ path: '/orders', take: { order: '0.id' } }],
        markers: ['order of B'],
        routes: [{ path: '/orders/{{order}}' }, { method: 'DELETE', path: '/orders/{{order}}', control: '/orders/{{order}}' }],
      },
      k6: {
        script: `${import.meta.dirname}/../probes/k6/orders.ts`,
        program: `${import.meta.dirname}/../probes/k6/stand-in.mjs`,
        variables: { URL: url },
      },
      promql: {
        url,
        query: 'sum(up)',
        expect: { value: { atLeast: 1 }, series: { atLeast: 1, atMost: 3 } },
        fresh: { selector: 'up', within: '1m' },
      },
      sql: {
        url: `postgresql://liveproof@127.0.0.1:${String(port)}/app`,
        tls: 'none',
        query: 'select count(*) as orders from orders',
        expect: { values: { orders: 1 }, count: { atLeast: 1 }, rows: [{ orders: 1 }], fresh: { column: 'at', within: '5m' } },
      },
      websocket: {
        url: `ws://127.0.0.1:${String(port)}/`,
        protocols: ['a'],
        talk: [{ send: 'ping', contains: 'pong' }],
        expect: { protocol: 'a', closedWith: 1000 },
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
