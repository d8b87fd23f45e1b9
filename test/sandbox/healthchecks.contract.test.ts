import { describe, expect, test } from 'vitest';
import { startHealthchecks, type RunningHealthchecks } from './healthchecks.ts';
import { waitUntil } from './wait-until.ts';

/** The fields of "Get a single check" in the published documentation, for a simple check. Source: https://healthchecks.io/docs/api/ */
const alwaysThere = (
  'name slug tags desc grace n_pings status started last_ping next_ping manual_resume methods ' +
  'start_kw success_kw failure_kw filter_subject filter_body timeout'
).split(' ');
/** Fields that a read-only key does not get, and the one that it gets instead. */
const hidden = ['ping_url', 'update_url', 'pause_url', 'resume_url', 'channels'];
const instead = 'unique_key';
/** Those of a logged ping; one that had no start has no duration. */
const ofPings = ['type', 'date', 'n', 'scheme', 'remote_addr', 'method', 'ua', 'rid', 'body_url'];

const wholeSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;
const microseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

async function ask({ url, apiKey }: RunningHealthchecks, path: string, key: string = apiKey, method = 'GET'): Promise<Answer> {
  const headers = key === '' ? {} : { 'x-api-key': key };
  const answer = await fetch(path.startsWith('http') ? path : `${url}/api/v3${path}`, { method, headers });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  return { status: answer.status, text, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

async function ping({ pingUrl }: RunningHealthchecks, after = '', init: RequestInit = {}): Promise<[number, string]> {
  const answer = await fetch(`${pingUrl}${after}`, { headers: { 'user-agent': 'curl/7.68.0' }, ...init });
  return [answer.status, await answer.text()];
}

describe('the management API', () => {
  test('tells of a check what is documented, and less to a key that may only read', async () => {
    await using running = await startHealthchecks();
    await ping(running);
    const path = `/checks/${running.check}`;
    const { json: full } = await ask(running, path);
    expect(Object.keys(full).toSorted()).toEqual([...alwaysThere, ...hidden].toSorted());
    expect(full).toMatchObject({ name: 'accubooks watchdog', status: 'up', started: false, n_pings: 1, timeout: 60, grace: 60 });
    expect(full).toMatchObject({ ping_url: running.pingUrl, channels: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect([full['last_ping'], full['next_ping']]).toEqual([expect.stringMatching(wholeSeconds), expect.stringMatching(wholeSeconds)]);
    const { json: less } = await ask(running, path, running.readOnlyKey);
    expect(Object.keys(less).toSorted()).toEqual([...alwaysThere, instead].toSorted());
    expect((await ask(running, `/checks/${String(less[instead])}`, running.readOnlyKey)).json).toEqual(less);
    expect((await ask(running, '/checks/')).json).toEqual({ checks: [full] });
  });

  test('lists pings newest first, with bodies where there are any', async () => {
    await using running = await startHealthchecks({ bodyLimit: 5 });
    await ping(running);
    await ping(running, '', { method: 'POST', body: 'hello there' });
    const { pings } = (await ask(running, `/checks/${running.check}/pings/`)).json as { pings: Record<string, unknown>[] };
    expect(pings.map(({ n, type, method }) => [n, type, method])).toEqual([
      [2, 'success', 'POST'],
      [1, 'success', 'GET'],
    ]);
    const [second = {}, first = {}] = pings;
    expect(Object.keys(first).toSorted()).toEqual(ofPings.toSorted());
    expect(first).toMatchObject({ date: expect.stringMatching(microseconds) as string, ua: 'curl/7.68.0', scheme: 'http', body_url: null });
    expect(await ask(running, String(second['body_url']))).toMatchObject({ status: 200, text: 'hello' });
    expect((await ask(running, `/checks/${running.check}/pings/1/body`)).status).toBe(404);
    expect((await ask(running, `/checks/${running.check}/pings/9/body`)).status).toBe(404);
  });

  test('lists changes of status newest first, within the times asked for', async () => {
    await using running = await startHealthchecks();
    await ping(running);
    await ping(running, '/fail');
    const path = `/checks/${running.check}/flips/`;
    const flips = (await ask(running, path)).json as unknown as { timestamp: string; up: number }[];
    expect(flips.map(({ up }) => up)).toEqual([0, 1]);
    expect(flips[0]?.timestamp).toMatch(wholeSeconds);
    expect((await ask(running, `${path}?seconds=3600`)).json).toHaveLength(2);
    const later = Math.ceil(Date.now() / 1000) + 60;
    expect((await ask(running, `${path}?start=${String(later)}`)).json).toEqual([]);
    expect((await ask(running, `${path}?end=${String(later)}`, running.readOnlyKey)).json).toHaveLength(2);
    expect((await ask(running, `${path}?start=yesterday`)).status).toBe(400);
  });

  test('pauses and resumes; a paused check does not take pings', async () => {
    await using running = await startHealthchecks();
    await ping(running);
    const path = `/checks/${running.check}`;
    expect((await ask(running, `${path}/pause`, undefined, 'POST')).json).toMatchObject({ status: 'paused', next_ping: null });
    await ping(running);
    expect((await ask(running, path)).json).toMatchObject({ status: 'paused', n_pings: 2 });
    expect((await ask(running, `${path}/resume`, undefined, 'POST')).json).toMatchObject({ status: 'new', last_ping: null });
    expect((await ask(running, `${path}/resume`, undefined, 'POST')).status).toBe(409);
  });

  test('lists integrations', async () => {
    await using running = await startHealthchecks();
    const { channels } = (await ask(running, '/channels/')).json as { channels: Record<string, unknown>[] };
    expect(channels.map((each) => Object.keys(each))).toEqual([['id', 'name', 'kind']]);
    expect((await ask(running, '/status/', '')).text).toBe('OK');
  });

  test.each([
    ['no key', '', 'missing api key'],
    ['a wrong key', 'x'.repeat(32), 'wrong api key'],
  ])('answers 401 to %s', async (_, key, error) => {
    await using running = await startHealthchecks();
    expect(await ask(running, `/checks/${running.check}`, key)).toMatchObject({ status: 401, json: { error } });
  });

  test('does not let a read-only key see pings, integrations or pause', async () => {
    await using running = await startHealthchecks();
    const path = `/checks/${running.check}`;
    const refused = { status: 401, json: { error: 'wrong api key' } };
    expect(await ask(running, `${path}/pings/`, running.readOnlyKey)).toMatchObject(refused);
    expect(await ask(running, `${path}/pings/1/body`, running.readOnlyKey)).toMatchObject(refused);
    expect(await ask(running, '/channels/', running.readOnlyKey)).toMatchObject(refused);
    expect(await ask(running, `${path}/pause`, running.readOnlyKey, 'POST')).toMatchObject(refused);
  });

  test("answers 403 for a check of another project, and 404 for nobody's", async () => {
    await using running = await startHealthchecks();
    expect((await ask(running, `/checks/${running.foreignCheck}`)).status).toBe(403);
    expect((await ask(running, `/checks/${crypto.randomUUID()}`)).status).toBe(404);
  });
});

describe('the pinging API', () => {
  test('takes HEAD, GET and POST, and says OK', async () => {
    await using running = await startHealthchecks();
    expect(await ping(running)).toEqual([200, 'OK']);
    expect(await ping(running, '', { method: 'HEAD' })).toEqual([200, '']);
    expect(await ping(running, '', { method: 'POST', body: '{}' })).toEqual([200, 'OK']);
    expect((await ping(running, '', { method: 'DELETE' }))[0]).toBe(405);
    expect(running.pings().map(({ method }) => method)).toEqual(['GET', 'HEAD', 'POST']);
  });

  test.each([
    ['/start', 'start', 'new'],
    ['/log', 'log', 'new'],
    ['/fail', 'fail', 'down'],
    ['/0', 'success', 'up'],
    ['/3', 'fail', 'down'],
  ])('takes %s as %s, and the check is %s', async (path, type, status) => {
    await using running = await startHealthchecks();
    expect(await ping(running, path)).toEqual([200, 'OK']);
    expect([running.pings()[0]?.type, running.status()]).toEqual([type, status]);
  });

  test('does not know other addresses and other checks', async () => {
    await using running = await startHealthchecks();
    expect(await ping(running, '/256')).toEqual([400, 'invalid url format']);
    expect(await ping({ ...running, pingUrl: `${running.url}/ping/${crypto.randomUUID()}` })).toEqual([200, 'OK (not found)']);
    expect(running.pings()).toEqual([]);
  });

  test('ignores pings above the limit, and answers 200 all the same', async () => {
    await using running = await startHealthchecks({ pingsPerMinute: 5 });
    const answers = [];
    for (let times = 0; times < 7; times += 1) answers.push((await ping(running))[1]);
    expect(answers).toEqual(['OK', 'OK', 'OK', 'OK', 'OK', 'OK (rate limited)', 'OK (rate limited)']);
    expect(running.pings()).toHaveLength(5);
  });
});

describe('a check', () => {
  const short = { timeoutMs: 500, graceMs: 500 };
  const until = (running: RunningHealthchecks, wanted: string) => waitUntil(`the check is ${wanted}`, () => running.status() === wanted);
  const untilWritten = (running: RunningHealthchecks) => waitUntil('it is written down', () => running.flips().at(-1)?.to === 'down');

  test('goes from new to up, into its grace, down, and up again with the next ping', async () => {
    await using running = await startHealthchecks(short);
    expect(running.status()).toBe('new');
    await ping(running);
    expect(running.status()).toBe('up');
    await until(running, 'grace');
    await until(running, 'down');
    await untilWritten(running);
    await ping(running);
    expect(running.flips().map(({ from, to }) => `${from} ${to}`)).toEqual(['new up', 'up down', 'down up']);
  });

  test('that was started and not finished goes down after its grace', async () => {
    await using running = await startHealthchecks({ timeoutMs: 60_000, graceMs: 200 });
    await ping(running, '/start');
    expect((await ask(running, `/checks/${running.check}`)).json).toMatchObject({ status: 'new', started: true });
    await until(running, 'down');
  });

  test('is down by its times although nobody writes that down', async () => {
    await using running = await startHealthchecks(short);
    running.behave({ kind: 'never-notices' });
    await ping(running);
    await until(running, 'down');
    expect(running.flips().map(({ to }) => to)).toEqual(['up']);
    running.behave({ kind: 'work' });
    await untilWritten(running);
  });

  test('forgets pings when told to', async () => {
    await using running = await startHealthchecks(short);
    running.behave({ kind: 'drop' });
    expect(await ping(running)).toEqual([200, 'OK']);
    expect(running.pings()).toEqual([]);
  });
});
