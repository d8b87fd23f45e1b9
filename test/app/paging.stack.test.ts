import { createServer, type AddressInfo, type Server } from 'node:net';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summaryOf } from '../../src/gate/plan/summary.ts';
import type { Plan } from '../../src/gate/plan.ts';
import type { Report } from '../../src/report/report.ts';
import { planFile } from '../plan-file.ts';
import { proveFile } from '../prove-file.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { ask, askJson } from '../sandbox/ask.ts';
import { startFaultyProxy, type FaultyProxy } from '../sandbox/faulty-proxy.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { prove } from '../sabotage/prove.ts';
import { plannedBy, recordedBy } from './woken.ts';

const root = path.join(import.meta.dirname, '../..');
const gate = path.join(root, 'gates/accubooks/gate.yaml');
/** Without the proofs that need a browser, and without what takes minutes. */
const tried = ['sms', 'webhook', 'high-error-rate', 'data-integrity', 'high-latency', 'watchdog'];
const wake = ['phone', 'sms', 'pagerduty'];

const owner = new AsyncDisposableStack();
let stack: AccubooksStack;

beforeAll(async () => {
  stack = owner.use(await startAccubooksStack({ monitoring: 'repaired', durations: shortDurations, redundant: true }));
});
afterAll(async () => {
  await owner.disposeAsync();
});

const secondUrl = (): string => stack.second?.alertmanager.url ?? '';

/** Why an item was not run without consent, given that it sent nothing. */
async function refusalOf(id: string): Promise<string | undefined> {
  const posted = (): number =>
    stack.alertmanagerProxy.requests().filter(({ method, by }) => method === 'POST' && !by.startsWith('Prometheus')).length;
  const injected = (): number => stack.appProxy.requests().filter(({ method }) => method === 'POST').length;
  const before = [posted(), injected()];
  const { items } = await prove(stack, { only: [id], allowPaging: false });
  expect([posted(), injected()]).toEqual(before);
  const item = items.find((each) => each.id === id);
  expect(item?.state).toBe('inconclusive');
  return item?.reasons[0]?.says;
}

const plan = async (only?: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Plan> =>
  await planFile(gate, { environment: 'demo', env: { ...stack.variables, ...variables }, only });

test('a plan asks and changes nothing, contacts no provider but the rotation and the switch, and opens no mailbox', async () => {
  await using proxies = new AsyncDisposableStack();
  const behind = async (url: string): Promise<FaultyProxy> => proxies.use(await startFaultyProxy({ target: new URL(url).origin }));
  const at = (name: string): string => stack.variables[name] ?? '';
  const [prometheusB, alertmanagerB, pagerduty, twilio, slack, deadMan, boards, supervisor] = await Promise.all(
    [
      'PROMETHEUS_B_URL',
      'ALERTMANAGER_B_URL',
      'PAGERDUTY_API',
      'TWILIO_API',
      'SLACK_API',
      'DEAD_MAN_API',
      'BOARDS_URL',
      'SUPERVISOR_URL',
    ].map((name) => behind(at(name))),
  );
  const mailServer = proxies.use(await countConnections());
  const variables = {
    PROMETHEUS_B_URL: prometheusB?.url ?? '',
    ALERTMANAGER_B_URL: alertmanagerB?.url ?? '',
    PAGERDUTY_API: pagerduty?.url ?? '',
    PAGERDUTY_EVENTS: pagerduty?.url ?? '',
    TWILIO_API: twilio?.url ?? '',
    SLACK_API: `${slack?.url ?? ''}/api`,
    DEAD_MAN_API: deadMan?.url ?? '',
    BOARDS_URL: boards?.url ?? '',
    SUPERVISOR_URL: supervisor?.url ?? '',
    SMTP_PORT: String(mailServer.port),
    IMAP_PORT: String(mailServer.port),
  };
  // Prometheus tells the second Alertmanager by the address that the gate has for it.
  const { host } = new URL(at('ALERTMANAGER_B_URL'));
  await stack.sabotage({ prometheusConfig: (text) => text.replace(host, alertmanagerB?.address ?? '') });

  const made = await plan(undefined, variables);
  expect(made.items.filter(({ untold }) => untold.length > 0)).toEqual([]);
  expect(plannedBy(made).channels).toHaveLength(7);

  const all = [
    stack.appProxy,
    stack.prometheusProxy,
    stack.alertmanagerProxy,
    stack.webhookProxy,
    prometheusB,
    alertmanagerB,
    pagerduty,
    deadMan,
  ];
  const requests = all.flatMap((proxy) => proxy?.requests() ?? []);
  // Those who live there go on meanwhile: Prometheus posts its alerts, Alertmanager its notifications.
  const ours = requests.filter(({ by }) => !/^(?:Prometheus|Alertmanager|Blackbox|Go-http-client)\b/.test(by));
  expect([...new Set(ours.map(({ method }) => method))]).toEqual(['GET']);
  expect(new Set(ours.map((each) => each.path.replace(/\?.*/s, '').replace(/checks\/[-0-9a-f]+/, 'checks/…')))).toEqual(
    new Set([
      '/api/v1/rules',
      '/api/v1/query',
      '/api/v1/status/config',
      '/api/v1/alertmanagers',
      '/api/v2/status',
      '/api/v2/silences',
      '/api/v2/alerts',
      '/oncalls',
      '/api/v3/checks/…',
      '/api/v3/channels/',
    ]),
  );
  expect([twilio, slack, boards, supervisor].flatMap((proxy) => proxy?.requests() ?? [])).toEqual([]);
  expect(mailServer.connections()).toBe(0);
  await stack.mend();
  expect(await recordedBy(stack)).toMatchObject({ people: [] });
});

test('without --allow-paging nobody is paged, what wakes nobody is proven all the same, and a verifier agrees', async () => {
  await using folder = await createTempFolder('reports');
  const args = ['src/cli/main.ts', 'gate', gate, '--env', 'demo', '--only', tried.join(','), '--report-dir', folder.path, '--json'];
  const run = await execa(process.execPath, args, { cwd: root, env: stack.variables, reject: false });
  expect(run.exitCode).toBe(3);
  const { items } = JSON.parse(run.stdout) as Report;
  const state = (id: string): string | undefined => items.find((item) => item.id === id)?.state;
  const quiet = ['email', 'slack', 'escalation', 'webhook', 'high-latency', 'watchdog'];
  expect(Object.fromEntries([...wake, ...quiet, 'high-error-rate'].map((id) => [id, state(id)]))).toEqual({
    ...Object.fromEntries(wake.map((id) => [id, 'inconclusive'])),
    ...Object.fromEntries(quiet.map((id) => [id, 'proven'])),
    'high-error-rate': 'blocked',
  });
  expect(items.find(({ id }) => id === 'pagerduty')?.reasons).toMatchObject([
    {
      holds: 'unknown',
      says: 'not run: it would wake Ada Okafor <ada@accubooks.test> (oncall-pagerduty)',
      hint: expect.stringContaining('--allow-paging') as unknown,
    },
  ]);
  expect([stack.pagerduty.incidents(), stack.twilio.calls(), stack.twilio.messages()]).toEqual([[], [], []]);
  expect(await recordedBy(stack)).toEqual(plannedBy(await plan(quiet)));

  const [name = ''] = await readdir(path.join(folder.path, 'accubooks'));
  const verified = await execa(process.execPath, ['src/cli/main.ts', 'verify', path.join(folder.path, 'accubooks', name), '--json'], {
    cwd: root,
    reject: false,
  });
  const { checks } = JSON.parse(verified.stdout) as { checks: readonly { check: string; holds: string }[] };
  expect(checks.find(({ check }) => check === 'judgement')).toMatchObject({ holds: 'yes' });
});

test.each([
  ['also pages', { 'p1-urgent': 'opsgenie_configs: [{ api_key: never-used }]' }, 'it would wake whoever opsgenie calls (p1-urgent)'],
  [
    'leads to nobody knows where',
    { 'p1-urgent': "webhook_configs: [{ url: 'http://127.0.0.1:9/secret' }]" },
    'it would wake perhaps somebody behind webhook (127.0.0.1:9) (p1-urgent)',
  ],
])('an alert whose receiver %s is kept back with its fault', async (_, added, because) => {
  const [[receiver, integration] = ['', '']] = Object.entries(added);
  await stack.sabotage({
    alertmanagerConfig: (text) => text.replace(`- name: ${receiver}\n`, `- name: ${receiver}\n    ${integration}\n`),
  });
  expect(await refusalOf('high-latency')).toBe(`not run: ${because}`);
  await stack.mend();
});

test('a fault is kept back when a label of the series could lead its alert to those who are woken', async () => {
  const route = '    - { matchers: [instance="somewhere"], receiver: p0-oncall }\n';
  await stack.sabotage({ alertmanagerConfig: (text) => text.replace('    - matchers: [severity="high"]\n', `${route}$&`) });
  expect(await refusalOf('high-latency')).toMatch(/^not run: it would wake .*Ada Okafor/);
  const { items } = await plan(['high-latency']);
  const touches = items.find(({ id }) => id === 'high-latency')?.touches ?? [];
  const perhaps = touches.map(
    ({ does, ways }) => [does, ways.filter(({ isCertain }) => !isCertain).map(({ receiver }) => receiver)] as const,
  );
  // The test alert has no labels but its own.
  expect(perhaps).toEqual([
    ['test-alert', []],
    ['fault', expect.arrayContaining(['p0-oncall', 'p1-urgent']) as unknown],
  ]);
  await stack.mend();
});

test('a fault is kept back when the gate does not say what it may make fire besides', async () => {
  await using folder = await createTempFolder('gate');
  const file = path.join(folder.path, 'gate.yaml');
  const { PROMETHEUS_URL = '', ALERTMANAGER_URL = '' } = stack.variables;
  const gateText = (alsoFires: string): string => `
gate: lone
stack: { prometheus: { url: '${PROMETHEUS_URL}' }, alertmanager: { url: '${ALERTMANAGER_URL}', replicas: [{ url: '${secondUrl()}' }] } }
items:
  - id: pool
    proof: alert
    grade: fired
    rule: DatabasePoolWarning
    receivers: [p2-monitor]
    fault:
      says: the pool is held
      inject: { url: '${stack.appProxy.url}/never' }
      undo: { url: '${stack.appProxy.url}/never' }
      lasts: 1s
${alsoFires}`;
  const peopleWith = async (alsoFires: string): Promise<readonly string[]> => {
    await writeFile(file, gateText(alsoFires));
    return plannedBy(await planFile(file, {})).people;
  };
  expect(await peopleWith('')).toContain('whoever pagerduty calls');
  expect(await peopleWith('      alsoFires: [HighErrorRate]')).toContain('whoever pagerduty calls');
  expect(await peopleWith('      alsoFires: [HighLatency]')).toEqual([]);

  await writeFile(file, gateText(''));
  const report = await proveFile(file, { allowPaging: false });
  expect(report.items[0]).toMatchObject({
    state: 'inconclusive',
    reasons: [{ says: expect.stringMatching(/^not run: it would wake/) as unknown }],
  });
  expect(stack.appProxy.requests().filter((each) => each.path === '/never')).toEqual([]);
});

test('where an Alertmanager cannot be read, nothing is sent', async () => {
  await stack.sabotage({ alertmanagerProxy: [{ kind: 'status', status: 500, path: '/api/v2/silences' }] });
  expect(await refusalOf('high-latency')).toMatch(/^not run: it cannot be told whom it would wake \(where its alerts go: .*HTTP 500/);
  await stack.sabotage({ alertmanagerProxy: [{ kind: 'status', status: 500, path: '/api/v2/status' }] });
  expect(await refusalOf('high-latency')).toMatch(/^not run: whom it would wake cannot be told: .*HTTP 500/);
  const { items } = await plan(['high-latency']);
  expect(items.find(({ id }) => id === 'high-latency')).toMatchObject({ touches: [], untold: [expect.stringContaining('HTTP 500')] });
  await stack.mend();
});

test('a silence, an inhibition and another person on call change the plan', async () => {
  const item = 'data-integrity';
  const peopleOf = async (): Promise<readonly string[]> => plannedBy(await plan([item])).people;
  const heldBackOf = async (): Promise<readonly string[]> =>
    summaryOf(await plan([item])).heldBack.flatMap((each) => (each.item === item ? each.by : []));
  const phone = `whoever answers ${stack.twilio.to}`;
  expect(await peopleOf()).toEqual(['Ada Okafor <ada@accubooks.test>', phone]);

  stack.pagerduty.setOnCall([{ id: 'PGRACE1', name: 'Grace Lindqvist', email: 'grace@accubooks.test' }]);
  expect(await peopleOf()).toEqual(['Grace Lindqvist <grace@accubooks.test>', phone]);
  stack.pagerduty.setOnCall([]);
  expect(await peopleOf()).toEqual(['nobody: the rotation is empty', phone]);

  const both = [stack.alertmanager.url, secondUrl()];
  const alertname = { name: 'alertname', value: 'DataIntegrity', isRegex: false, isEqual: true };
  const times = { startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 60_000).toISOString() };
  const silence = { matchers: [alertname], ...times, createdBy: 'mary', comment: 'later' };
  const { silenceID } = await askJson<{ silenceID: string }>('POST', `${both[0] ?? ''}/api/v2/silences`, silence);
  await waitUntil('both know of the silence', async () => (await heldBackOf()).length > 0);
  expect((await heldBackOf())[0]).toMatch(/^silence .* of mary until .* \("later"\)$/);
  await ask('DELETE', `${both[0] ?? ''}/api/v2/silence/${silenceID}`);
  await waitUntil('neither knows of the silence any more', async () => (await heldBackOf()).length === 0);

  const inhibit = '\ninhibit_rules:\n  - { source_matchers: [alertname="Maintenance"], target_matchers: [severity="critical"] }\n';
  await stack.sabotage({ alertmanagerConfig: (text) => text + inhibit });
  expect(await heldBackOf()).toEqual([]);
  const maintenance = [{ labels: { alertname: 'Maintenance', severity: 'none' }, ...times }];
  await Promise.all(both.map((url) => ask('POST', `${url}/api/v2/alerts`, maintenance)));
  await waitUntil('the alert holds others back', async () =>
    (await heldBackOf()).some((by) => by.startsWith('alert Maintenance by inhibit rule 1')),
  );
  expect(
    summaryOf(await plan([item]))
      .wakes.flatMap(({ by }) => by)
      .filter(({ items }) => items.includes(item)),
  ).toEqual([]);
  const over = maintenance.map((each) => ({ ...each, endsAt: new Date().toISOString() }));
  await Promise.all(both.map((url) => ask('POST', `${url}/api/v2/alerts`, over)));
  await stack.mend();
  stack.pagerduty.setOnCall([
    { id: 'PADA001', name: 'Ada Okafor', email: 'ada@accubooks.test' },
    { id: 'PGRACE1', name: 'Grace Lindqvist', email: 'grace@accubooks.test' },
  ]);
});

test('with --allow-paging a run reaches exactly the people and channels that the plan before it names', async () => {
  const planned = plannedBy(await plan(tried));
  const { items } = await prove(stack, { only: tried });
  const unproven = items.filter(({ id, state }) => (tried.includes(id) || wake.includes(id)) && state !== 'proven');
  expect(unproven.map(({ id, reasons }) => ({ id, reasons }))).toEqual([]);
  expect(await recordedBy(stack)).toEqual(planned);
  expect(planned.people).toEqual(['Ada Okafor <ada@accubooks.test>', `whoever answers ${stack.twilio.to}`]);
});

/** Listens as a mail server would, and counts who comes. */
async function countConnections(): Promise<AsyncDisposable & { readonly port: number; connections(): number }> {
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
