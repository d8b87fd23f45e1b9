import { hardCanary, plainCanary, type Canary } from './canary.ts';

/** Where everything is that the gate asks. */
export interface Addresses {
  readonly url: string;
  readonly smtpPort: number;
  readonly imapPort: number;
}

export interface EveryField {
  readonly canaries: readonly Canary[];
  /** File names and texts. */
  readonly files: Readonly<Record<string, string>>;
}

/** A gate with a canary written into every place that can hold a secret. With `quoted`, the canaries need quotes; without, they stand as they are. */
export function everyField({ url, smtpPort, imapPort }: Addresses, quoted: boolean): EveryField {
  const canaries: Canary[] = [];
  const fresh = (name: string): Canary => {
    const canary = (quoted ? hardCanary : plainCanary)(name);
    canaries.push(canary);
    return canary;
  };
  const own = (name: string): string => (quoted ? `'${fresh(name).value.replaceAll("'", "''")}'` : fresh(name).value);
  const inUrl = (name: string): string => encodeURIComponent(fresh(name).value).replaceAll("'", '%27');
  const inJson = (name: string): string => (quoted ? JSON.stringify(fresh(name).value) : fresh(name).value);
  const login = (name: string): string => url.replace('//', `//me:${inUrl(name)}@`);
  const check = crypto.randomUUID();
  canaries.push({ name: 'the check of the switch', value: check });
  const twilio = (kind: string): string => `
    kind: ${kind}
    api: ${url}
    accountSid: AC${'0'.repeat(32)}
    authToken: ${own(`authToken of ${kind}`)}
    from: '+15550001111'
    to: '+15552223333'`;
  const gate = `gate: every-field
variables:
  A_PASSWORD: ${own('a declared password')}
stack:
  prometheus:
    url: ${login('login of prometheus')}
    token: ${own('token of prometheus')}
    replicas: [{ url: '${login('login of a replica')}', token: ${inJson('token of a replica')} }]
  rules: { url: '${url}', token: ${inJson('token of rules')} }
  alertmanager: { url: '${url}', token: ${inJson('token of alertmanager')}, replicas: [{ url: '${url}', token: ${inJson('token of another')} }] }
  boards: { url: '${url}', token: ${inJson('token of boards')} }
  rotation: { url: '${url}', token: ${inJson('token of rotation')}, escalationPolicy: P1 }
  deadMan: { url: '${url}', apiKey: ${inJson('apiKey of the switch')}, check: ${check} }
people:
  ada: { email: ada@a.test, password: ${inJson('password of ada')} }
channels:
  mail:
    kind: email
    smtp: { host: 127.0.0.1, port: ${String(smtpPort)}, tls: none, user: me, password: ${inJson('password of smtp')} }
    imap:
      host: 127.0.0.1
      port: ${String(imapPort)}
      tls: none
      user: me
      password: ${own('password of imap')}
    from: a@a.test
    to: b@b.test
  pagerduty:
    kind: pagerduty
    events: ${url}
    api: ${url}
    routingKey: ${own('routingKey of pagerduty')}
    token: ${own('token of pagerduty')}
    service: P1
    people: [ada@a.test]
  phone:${twilio('phone')}
    answerUrl: ${url}/twiml
    callsUrl: ${url}/calls?token=${inUrl('query of the calls')}
  sms:${twilio('sms')}
  slack:
    kind: slack
    api: ${url}
    token: ${own('token of slack')}
    channel: C0123ABCD
  chat:
    kind: chat
    url: ${url}/hook/${inUrl('path of the chat')}
    confirm: { listen: '127.0.0.1:0', url: '${url}' }
  hook:
    kind: webhook
    url: ${login('login of the webhook')}
    listen: 127.0.0.1:0
checks:
  - check.yaml
  - flow.yaml
items:
${['mail', 'pagerduty', 'phone', 'sms', 'slack', 'chat', 'hook'].map((name) => `  - { id: ${name}, proof: channel, channel: ${name}, deliveredWithin: 1s, timeout: 15s }`).join('\n')}
  - { id: scrape, proof: scrape, job: app, interval: 15s, timeout: 15s }
  - { id: metrics, proof: metrics, job: app, exposition: '${login('login of the metrics page')}', metrics: [{ name: up, type: gauge }], timeout: 15s }
  - { id: check, proof: check, check: api, timeout: 15s }
  - { id: flow, proof: check, check: flow, timeout: 30s }
  - { id: retention, proof: retention, atLeast: 30d, timeout: 15s }
  - { id: watchdog, proof: watchdog, rule: Watchdog, receiver: dead-man, tells: slack, noticedWithin: 1s, timeout: 15s }
  - id: alert
    proof: alert
    rule: HighErrorRate
    grade: fired
    timeout: 15s
    fault:
      says: errors
      inject:
        url: ${url}/inject?sig=${inUrl('query of a fault')}
        headers:
          authorization: Bearer ${quoted ? fresh('authorization of a fault').value.replaceAll('#', '').replaceAll(': ', '') : fresh('authorization of a fault').value}
          x-api-key: ${own('x-api-key of a fault')}
        json: { password: ${inJson('password of a fault')} }
      undo: { method: DELETE, url: '${login('login of an undo')}', headers: { Authorization: ${inJson('authorization of an undo')} } }
      lasts: 1m
`;
  const checkFile = `check: api
probe: http
steps:
  - name: sign in
    method: POST
    url: ${url}/sign-in?access_token=${inUrl('query of a check')}
    headers:
      cookie: ${own('cookie of a check')}
      x-auth-token: ${own('x-auth-token of a check')}
    json: { user: me, password: ${inJson('password of a check')} }
    expect: { status: [200, 302, 401, 500], headers: { x-said: nothing, location: nowhere }, json: { says: nothing } }
`;
  const flow = `check: flow
probe: browser
script: flow.ts
consoleErrors: fail
failedRequests: fail
variables: { url: '${url}' }
secrets:
  password: ${own('secret of a flow')}
`;
  const script = `export default async ({ page, variables, secrets, step }) => {
  await step('open', () => page.goto(variables.url + '/page?password=' + encodeURIComponent(secrets.password)));
  await step('ask', () => page.evaluate((said) => { console.error('page says', said); throw new Error(said); }, secrets.password));
};
`;
  return { canaries, files: { 'gate.yaml': gate, 'check.yaml': checkFile, 'flow.yaml': flow, 'flow.ts': script } };
}
