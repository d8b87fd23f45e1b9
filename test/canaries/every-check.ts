import { hardCanary, type Canary } from './canary.ts';
import type { Addresses } from './every-field.ts';

export interface EveryCheck {
  readonly canaries: readonly Canary[];
  /** File names and texts of a project. */
  readonly files: Readonly<Record<string, string>>;
}

/** A project whose checks, one of each kind that can hold a secret, and whose own settings have a canary wherever one can stand. */
export function everyCheck({ url, smtpPort }: Addresses): EveryCheck {
  const canaries: Canary[] = [];
  const fresh = (name: string): string => {
    const canary = hardCanary(name);
    canaries.push(canary);
    return canary.value;
  };
  const own = (name: string): string => JSON.stringify(fresh(name));
  const inUrl = (name: string): string => encodeURIComponent(fresh(name)).replaceAll("'", '%27');
  const login = (name: string): string => url.replace('//', `//me:${inUrl(name)}@`);
  const webSocket = url.replace('http', 'ws');
  const port = String(smtpPort);
  const checks: Readonly<Record<string, string>> = {
    http: `probe: http
before: [{ url: '${url}/before', auth: { token: ${own('token of http')} } }]
steps: [{ url: '${login('login of http')}/', auth: { user: me, password: ${own('password of http')} }, headers: { x-api-key: ${own('header of http')} } }]
after: [{ method: POST, url: '${url}/after', json: { password: ${own('body of http')} } }]
assert: ['body contains nothing', 'header x-said is nothing', 'json says is nothing']`,
    redis: `probe: redis
host: 127.0.0.1
port: ${port}
username: me
password: ${own('password of redis')}`,
    sql: `probe: sql
url: postgresql://me@127.0.0.1:${port}/shop
password: ${own('password of sql')}
tls: none
query: select 1`,
    'sql-login': `probe: sql
url: 'postgresql://me:${inUrl('login of sql')}@127.0.0.1:${port}/shop'
tls: none
query: select 1`,
    promql: `probe: promql
url: '${login('login of promql')}'
token: ${own('token of promql')}
query: up
expect: { series: 1 }`,
    dataset: `probe: dataset
file: cases.csv
label: label
request: { url: '${url}/score?access_token=${inUrl('query of dataset')}', headers: { authorization: ${own('header of dataset')} } }
answer: { path: says }
expect: { accuracy: { atLeast: 0.5 } }`,
    isolation: `probe: isolation
url: '${url}'
intruder: { name: intruder, credentials: { password: ${own('password of the intruder')} } }
owner: { name: owner, credentials: { password: ${own('password of the owner')} } }
signIn: { path: /sign-in, json: { password: '{{password}}' } }
headers: { authorization: 'Bearer {{password}}' }
signedIn: /me
find: [{ path: /things, take: { id: says } }]
routes: [{ path: '/things/{{id}}' }]`,
    k6: `probe: k6
script: load.js
secrets: { PASSWORD: ${own('secret of k6')} }`,
    websocket: `probe: websocket
url: '${webSocket}/?token=${inUrl('query of websocket')}'
headers: { authorization: ${own('header of websocket')} }`,
    sse: `probe: sse
url: '${url}/events'
headers: { authorization: ${own('header of sse')} }
trigger: { url: '${login('login of a trigger')}', json: { password: ${own('body of a trigger')} } }`,
    grpc: `probe: grpc
host: 127.0.0.1
port: ${port}
tls: false
headers: { authorization: '${fresh('metadata of grpc').replaceAll("'", "''")}' }`,
    browser: `probe: browser
script: flow.ts
variables: { url: '${url}' }
secrets: { password: ${own('secret of a flow')} }`,
    heartbeat: `probe: heartbeat
name: job
expectEvery: 1s`,
  };
  const project = `name: every-check
listen: 127.0.0.1:0
store: { path: reports/results.sqlite }
variables: { A_PASSWORD: ${own('a declared password')} }
heartbeats: { token: ${own('token of heartbeats')} }
otlp: { endpoint: '${url}', headers: { authorization: ${own('header of otlp')} }, every: 1s }
`;
  const script = `export default async ({ page, variables, secrets, step }) => {
  await step('open', () => page.goto(variables.url + '/page?password=' + encodeURIComponent(secrets.password)));
  throw new Error(secrets.password);
};
`;
  return {
    canaries,
    files: {
      'liveproof.yaml': project,
      'checks/cases.csv': 'text,label\na,b\nc,d\n',
      'checks/flow.ts': script,
      'checks/load.js': 'throw new Error(__ENV.PASSWORD);\n',
      ...Object.fromEntries(
        Object.entries(checks).map(([name, text]) => [`checks/${name}.yaml`, `check: ${name}\ninterval: 1s\n${text}\n`]),
      ),
    },
  };
}
