import { resolve } from 'node:path';
import { expect, test, describe } from 'vitest';
import { createRedactor } from '../../src/base/redact.ts';
import { onDemand } from '../../src/check/check.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import { accepted, filesFrom, kinds, load, refusal } from './sample.ts';

const files = {
  'gates/sample/gate.yaml': `gate: sample
title: A sample
ref: [AB-G1]
variables:
  APP_URL: http://localhost:3000
  PORT: 8080
  JOB: app
stack:
  prometheus: { url: 'http://localhost:9090/', token: '\${PROMETHEUS_TOKEN:-}' }
channels:
  oncall:
    kind: email
    to: oncall@app.example
    password: '\${MAIL_PASSWORD}'
    port: \${MAIL_PORT:-2525}
    secure: \${MAIL_SECURE:-false}
checks: [../../checks/health.yaml, ../../checks/login.yaml]
policy: { maxAge: 12h }
items:
  - id: scrape
    ref: [AB-C01]
    statement: Prometheus scrapes the app
    proof: scrape
    job: \${JOB}
    interval: 15s
    port: \${PORT}
  - id: alert
    proof: alert
    severity: P0
    grade: routed
    needs: [scrape]
    timeout: 5m
    rule: HighErrorRate
    channels: [oncall]
    stimulus: { check: health, times: 2 }
`,
  'gates/sample/environments/demo.yaml': `environment: demo
because: The demo has to end in minutes.
variables: { PORT: 8081, EXTRA: 1 }
stack: { alertmanager: { url: 'http://localhost:9093' } }
policy: { maxAge: 12h }
items:
  scrape: { interval: 1s }
  alert: { stimulus: { times: 1 }, channels: [] }
`,
  'checks/health.yaml': `check: health
ref: [AB-G5]
statement: The app is well
probe: http
timeout: 5s
url: \${APP_URL}/health
`,
  'checks/login.yaml': 'check: login\nprobe: browser\nscript: flows/login.ts\n',
  'checks/flows/login.ts': 'export default () => undefined;\n',
};
const file = 'gates/sample/gate.yaml';
const env = { MAIL_PASSWORD: 'hunter22' };
const loaded = (more: Parameters<typeof accepted>[1] = {}) => accepted(files, { file, env, ...more });

describe('a gate without an environment', () => {
  test('is loaded with its items, channels and checks, each read by its kind', async () => {
    const { gate } = await loaded();
    expect(gate).toEqual({
      name: 'sample',
      title: 'A sample',
      ref: ['AB-G1'],
      environment: 'default',
      because: undefined,
      overrides: [],
      stack: { prometheus: { url: 'http://localhost:9090', token: undefined } },
      channels: [{ name: 'oncall', kind: 'email', options: { to: 'oncall@app.example', password: 'hunter22', port: 2525, secure: false } }],
      checks: [
        {
          ...onDemand,
          name: 'health',
          ref: ['AB-G5'],
          statement: 'The app is well',
          probe: 'http',
          timeoutMs: 5_000,
          options: { url: 'http://localhost:3000/health' },
        },
        {
          ...onDemand,
          name: 'login',
          ref: [],
          statement: 'login',
          probe: 'browser',
          timeoutMs: 30_000,
          options: { script: resolve('checks/flows/login.ts') },
        },
      ],
      people: [],
      boards: [],
      policy: { maxAgeMs: 12 * 3_600_000 },
      items: [
        {
          id: 'scrape',
          ref: ['AB-C01'],
          statement: 'Prometheus scrapes the app',
          severity: undefined,
          proof: 'scrape',
          grade: 'on-time',
          needs: [],
          timeoutMs: 1_800_000,
          requirement: { job: 'app', interval: 15_000, port: 8080 },
        },
        {
          id: 'alert',
          ref: [],
          statement: 'alert',
          severity: 'P0',
          proof: 'alert',
          grade: 'routed',
          needs: ['scrape'],
          timeoutMs: 300_000,
          requirement: { rule: 'HighErrorRate', channels: ['oncall'], stimulus: { check: 'health', times: 2 } },
        },
      ],
    });
  });

  test('comes with the files it was loaded from, word for word', async () => {
    const { sources } = await loaded();
    expect(sources).toEqual([
      { role: 'gate', path: file, text: files[file] },
      { role: 'check', path: 'checks/health.yaml', text: files['checks/health.yaml'] },
      { role: 'check', path: 'checks/login.yaml', text: files['checks/login.yaml'] },
    ]);
  });

  test('says where each of its values was written', async () => {
    const { placeOf } = await loaded();
    expect(placeOf(['stack', 'prometheus', 'url'])).toMatchObject({ file, line: 9, column: 22, length: 24 });
    expect(placeOf(['items', 1, 'rule'])).toMatchObject({ file, line: 33, column: 11, length: 13 });
    expect(placeOf(['items', 0])).toMatchObject({ file, line: 20, column: 5 });
    expect(placeOf(['channels', 'oncall'])).toMatchObject({ file, line: 11, column: 3, length: 6 });
    expect(placeOf(['stack', 'grafana'])).toBeUndefined();
  });

  test('takes its title from its name when it has none', async () => {
    const { gate } = await accepted('gate: bare\nitems: [{ id: a, proof: scrape, job: b, interval: 1s }]\n');
    expect(gate).toMatchObject({ title: 'bare', policy: { maxAgeMs: 86_400_000 }, stack: {}, channels: [], checks: [] });
  });
});

describe('an environment', () => {
  test('changes keys of items by their ids, and every change is kept', async () => {
    const { gate } = await loaded({ environment: 'demo' });
    expect(gate).toMatchObject({ environment: 'demo', because: 'The demo has to end in minutes.' });
    expect(gate.stack.alertmanager).toEqual({ url: 'http://localhost:9093' });
    expect(gate.items.map(({ requirement }) => requirement)).toEqual([
      { job: 'app', interval: 1_000, port: 8081 },
      { rule: 'HighErrorRate', channels: [], stimulus: { check: 'health', times: 1 } },
    ]);
    expect(gate.overrides).toEqual([
      { path: 'stack.alertmanager', from: undefined, to: { url: 'http://localhost:9093' } },
      { path: 'items.scrape.interval', from: '15s', to: '1s' },
      { path: 'items.alert.stimulus.times', from: 2, to: 1 },
      { path: 'items.alert.channels', from: ['oncall'], to: [] },
      { path: 'variables.PORT', from: 8080, to: 8081 },
      { path: 'variables.EXTRA', from: undefined, to: 1 },
    ]);
  });

  test('is one of the sources, and values that it sets stand in it', async () => {
    const { sources, placeOf } = await loaded({ environment: 'demo' });
    expect(sources.map(({ role }) => role)).toEqual(['gate', 'environment', 'check', 'check']);
    expect(placeOf(['items', 0, 'interval'])).toMatchObject({ file: 'gates/sample/environments/demo.yaml', line: 7, column: 23 });
    expect(placeOf(['items', 0, 'job'])).toMatchObject({ file, line: 24 });
  });

  test('may explain itself with variables', async () => {
    const because = { ...files, 'gates/sample/environments/demo.yaml': 'environment: demo\nbecause: only ${PORT}\n' };
    expect((await accepted(because, { file, env, environment: 'demo' })).gate.because).toBe('only 8080');
  });

  test('that cannot be read does not make its variables missing', async () => {
    const broken = { ...files, 'gates/sample/environments/demo.yaml': 'environment: [demo\n' };
    const shown = await refusal(broken, { file, environment: 'demo' });
    expect(shown.match(/^error: .*/gm)).toHaveLength(1);
    expect(shown).toContain('config/invalid-yaml');
  });
});

describe('variables', () => {
  test('of the process environment beat those of the environment file, which beat those of the gate', async () => {
    const portOf = async (more: Parameters<typeof loaded>[0]) => (await loaded(more)).gate.items[0]?.requirement['port'];
    expect(await portOf({})).toBe(8080);
    expect(await portOf({ environment: 'demo' })).toBe(8081);
    expect(await portOf({ environment: 'demo', env: { ...env, PORT: '8082' } })).toBe(8082);
    expect(await portOf({ environment: 'demo', env: { ...env, PORT: '' } })).toBe(8081);
  });

  test('that the process environment changes are shown as changes, because they can shorten a gate as well', async () => {
    const { gate } = await loaded({ env: { ...env, JOB: 'other', UNRELATED: 'x' } });
    expect(gate.items[0]?.requirement['job']).toBe('other');
    expect(gate.overrides).toEqual([{ path: 'variables.JOB', from: 'app', to: 'other' }]);
  });

  test('are the same in check files', async () => {
    const { gate } = await loaded({ env: { ...env, APP_URL: 'http://app.example' } });
    expect(gate.checks[0]?.options).toEqual({ url: 'http://app.example/health' });
  });

  test('become numbers and truth values where the schema wants them, and only there', async () => {
    const { gate } = await loaded({ env: { ...env, JOB: '42', MAIL_SECURE: 'true' } });
    expect(gate.items[0]?.requirement).toMatchObject({ job: '42', port: 8080 });
    expect(gate.channels[0]?.options).toMatchObject({ secure: true, port: 2525 });
    expect(await refusal(files, { file, env: { ...env, PORT: 'http' } })).toContain('"port" must be a whole number, not "http"');
    expect(await refusal(files, { file, env: { ...env, PORT: '80.5' } })).toContain('"port" must be a whole number, not 80.5');
  });

  test('an optional token may be left empty', async () => {
    expect((await loaded()).gate.stack.prometheus?.token).toBeUndefined();
    expect((await loaded({ env: { ...env, PROMETHEUS_TOKEN: 'sesame-open' } })).gate.stack.prometheus?.token).toBe('sesame-open');
  });
});

describe("a dead-man's switch", () => {
  const withSwitch = (text: string) => ({
    'gate.yaml': `gate: g\nstack: { deadMan: ${text} }\nitems: [{ id: s, proof: scrape, job: a, interval: 1s }]\n`,
  });
  const check = '31365bce-8da9-4729-8ff3-aaa71d56b712';

  test('is the one of Healthchecks.io unless another is named; whoever knows its key or its id could misuse it', async () => {
    const { gate, secrets } = await accepted(withSwitch(`{ apiKey: read-write-key, check: ${check} }`), { file: 'gate.yaml' });
    expect(gate.stack.deadMan).toEqual({ url: 'https://healthchecks.io', apiKey: 'read-write-key', check });
    expect([...secrets].toSorted()).toEqual([check, 'read-write-key']);
    const own = await accepted(withSwitch(`{ url: 'http://checks.test/', apiKey: k, check: ${check} }`), { file: 'gate.yaml' });
    expect(own.gate.stack.deadMan?.url).toBe('http://checks.test');
  });
});

describe('secrets', () => {
  test('are the values of secret fields and of variables with secret names', async () => {
    const { secrets } = await loaded({ env: { MAIL_PASSWORD: 'hunter22', PROMETHEUS_TOKEN: 'sesame-open', HOME: '/home/me' } });
    expect([...secrets].toSorted()).toEqual(['hunter22', 'sesame-open']);
  });

  test('of the files are known even when the process or the environment file replaces them', async () => {
    const gate = `gate: a
variables: { APP_TOKEN: in-the-gate }
channels: { oncall: { kind: email, to: a@b.example, password: also-in-the-gate } }
items: [{ id: a, proof: scrape, job: '\${APP_TOKEN}-\${OTHER_SECRET:-by-default}', interval: 1s }]
`;
    const demo = 'environment: demo\nchannels: { oncall: { password: in-the-environment } }\n';
    const all = { 'gate.yaml': gate, 'environments/demo.yaml': demo };
    const { secrets, sources } = await accepted(all, { environment: 'demo', env: { APP_TOKEN: 'in-the-process' } });
    expect([...secrets].toSorted()).toEqual(['also-in-the-gate', 'by-default', 'in-the-environment', 'in-the-gate', 'in-the-process']);
    const kept = createRedactor(secrets).text(sources.map(({ text }) => text).join(''));
    expect(kept).not.toMatch(/in-the|by-default/);
  });

  test('never stand among the changes', async () => {
    const gate = 'gate: a\nvariables: { PIN_TOKEN: abc }\nitems: [{ id: a, proof: scrape, job: b, interval: 1s }]\n';
    const { gate: changed } = await accepted(gate, { env: { PIN_TOKEN: 'xyz' } });
    expect(changed.overrides).toEqual([{ path: 'variables.PIN_TOKEN', from: '[redacted]', to: '[redacted]' }]);
  });
});

describe('paths', () => {
  test('of kinds are absolute, and count from the file in which they stand', async () => {
    const { gate } = await loaded();
    expect(gate.checks[1]?.options).toEqual({ script: resolve('checks/flows/login.ts') });
  });

  test('of check files may be absolute', async () => {
    const gate = `gate: a\nchecks: [${resolve('checks/health.yaml')}]\nvariables: { APP_URL: http://a.example }\nitems: [{ id: a, proof: scrape, job: b, interval: 1s }]\n`;
    const absolute = { ...files, 'gate.yaml': gate };
    expect((await accepted(absolute)).sources.map(({ path }) => path)).toEqual(['gate.yaml', resolve('checks/health.yaml')]);
  });
});

test('files are read from the disk when nothing else is given', async () => {
  const refused = await loadGate({ file: `${import.meta.dirname}/sample.tz`, env: {}, kinds });
  expect(refused.ok ? [] : refused.faults).toMatchObject([
    { code: 'config/not-found', place: undefined, hint: `did you mean ${import.meta.dirname}/sample.ts?` },
  ]);
  const folder = await loadGate({ file: import.meta.dirname, env: {}, kinds });
  expect(folder.ok ? [] : folder.faults).toMatchObject([{ message: `${import.meta.dirname} is a folder, not a file` }]);
});

test('trouble that is no system error is a bug and is not swallowed', async () => {
  const broken = { ...filesFrom({}), read: () => Promise.reject(new Error('a bug')) };
  await expect(load({}, { files: broken })).rejects.toThrow('a bug');
});

test('a kind that claims a key which all items have is a bug', async () => {
  const [[name, proof] = []] = kinds.proofs;
  if (name === undefined || proof === undefined) throw new Error('the sample has proofs');
  const greedy = { ...proof, requirement: proof.requirement.extend({ timeout: proof.requirement }) };
  const gate = `gate: a\nitems: [{ id: a, proof: ${name} }]\n`;
  await expect(load(gate, { kinds: { ...kinds, proofs: new Map([[name, greedy]]) } })).rejects.toThrow('may not declare timeout');
});

test('a file without an end is not read to its end', async () => {
  const endless = await loadGate({ file: '/dev/zero', kinds, env: {} });
  expect(endless.ok ? [] : endless.faults.map(({ message }) => message)).toEqual(['this file is larger than 1 MiB']);
});
