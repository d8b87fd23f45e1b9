import { describe, expect, it } from 'vitest';
import { connectDeadManSwitch } from '../../src/stack/dead-man.ts';
import { serveHttp } from '../probes/loopback.ts';
import { startHealthchecks, type RunningHealthchecks } from '../sandbox/healthchecks.ts';

const never = new AbortController().signal;
const switchOf = ({ url, apiKey, check }: RunningHealthchecks, changes: { apiKey?: string; check?: string } = {}) =>
  connectDeadManSwitch({ name: "the dead-man's switch", url }, { apiKey, check, ...changes });

describe("a dead-man's switch", () => {
  it('tells how long it waits, how it stands and whether it tells anybody', async () => {
    await using running = await startHealthchecks({ timeoutMs: 90_000, graceMs: 1_500 });
    const state = { name: 'accubooks watchdog', periodMs: 90_000, graceMs: 1_500, integrations: 1 };
    expect(await switchOf(running).state(never)).toEqual({ ...state, status: 'new', pings: 0 });
    await fetch(running.pingUrl);
    expect(await switchOf(running).state(never)).toMatchObject({
      ...state,
      status: 'up',
      pings: 1,
      lastPing: expect.any(String) as string,
    });
    running.behave({ kind: 'no-channels' });
    expect(await switchOf(running).state(never)).toMatchObject({ integrations: 0 });
    running.behave({ kind: 'paused' });
    expect(await switchOf(running).state(never)).toMatchObject({ status: 'paused' });
  });

  it('tells of pings, what they brought, and of changes of status', async () => {
    await using running = await startHealthchecks();
    const deadMan = switchOf(running);
    await fetch(running.pingUrl, { method: 'POST', body: 'hello', headers: { 'user-agent': 'Alertmanager/0.25.0' } });
    await fetch(`${running.pingUrl}/fail`, { headers: { 'user-agent': 'curl/7.68.0' } });
    expect(await deadMan.pings(never)).toMatchObject([
      { number: 2, type: 'fail', method: 'GET', userAgent: 'curl/7.68.0', hasBody: false },
      { number: 1, type: 'success', method: 'POST', userAgent: 'Alertmanager/0.25.0', hasBody: true },
    ]);
    expect([await deadMan.pingBody(1, never), await deadMan.pingBody(2, never)]).toEqual(['hello', '']);
    expect((await deadMan.flips(never)).map(({ up }) => up)).toEqual([false, true]);
  });

  it('is not there when its id is wrong', async () => {
    await using running = await startHealthchecks();
    const elsewhere = switchOf(running, { check: crypto.randomUUID() });
    expect(await elsewhere.state(never)).toBeUndefined();
    await expect(elsewhere.flips(never)).rejects.toMatchObject({ code: 'stack/unexpected-answer' });
  });

  it('does not show a read-only key whom it tells, nor its pings', async () => {
    await using running = await startHealthchecks();
    const deadMan = switchOf(running, { apiKey: running.readOnlyKey });
    expect(await deadMan.state(never)).not.toHaveProperty('integrations');
    const refused = { code: 'stack/unauthorized', hint: expect.stringContaining('read-write key') as string };
    await expect(deadMan.pings(never)).rejects.toMatchObject(refused);
    await expect(deadMan.pingBody(1, never)).rejects.toMatchObject(refused);
  });

  it('refuses a wrong key and the key of another project, without telling the key', async () => {
    await using running = await startHealthchecks();
    const refused = { code: 'stack/unauthorized', hint: expect.stringContaining("check's own project") as string };
    await expect(switchOf(running, { apiKey: 'x'.repeat(32) }).state(never)).rejects.toMatchObject(refused);
    await expect(switchOf(running, { check: running.foreignCheck }).state(never)).rejects.toMatchObject(refused);
    await expect(switchOf(running, { apiKey: 'x'.repeat(32) }).state(never)).rejects.not.toThrow('xxxx');
  });

  it.each([429, 500, 503] as const)('that answers %i is not taken for one that is well', async (status) => {
    await using running = await startHealthchecks();
    running.behave({ kind: 'status', status, of: 'management' });
    const failed = { code: 'stack/unexpected-answer', message: expect.stringContaining(`HTTP ${String(status)}`) as string };
    await expect(switchOf(running).state(never)).rejects.toMatchObject(failed);
    await expect(switchOf(running).pingBody(1, never)).rejects.toMatchObject(failed);
  });

  it.each(['{"name":"x","status":"up","grace":"soon","n_pings":1}', '[]', '<html>Sign in</html>', ''])(
    'that is none is told from one: %s',
    async (body) => {
      await using server = await serveHttp((_request, response) => response.end(body));
      const deadMan = connectDeadManSwitch({ name: "the dead-man's switch", url: server.url }, { apiKey: 'key', check: 'c' });
      const told = { code: 'stack/unexpected-answer', hint: expect.stringContaining('really a Healthchecks') as string };
      await expect(deadMan.state(never)).rejects.toMatchObject(told);
      await expect(deadMan.pings(never)).rejects.toMatchObject(told);
    },
  );

  it('may wrap its changes of status', async () => {
    const body = '{"flips":[{"timestamp":"2026-03-23T10:18:23+00:00","up":0}]}';
    await using server = await serveHttp((_request, response) => response.end(body));
    const deadMan = connectDeadManSwitch({ name: "the dead-man's switch", url: server.url }, { apiKey: 'key', check: 'c' });
    expect(await deadMan.flips(never)).toEqual([{ at: '2026-03-23T10:18:23+00:00', up: false }]);
  });

  it('stops when the run is stopped', async () => {
    await using running = await startHealthchecks();
    await expect(switchOf(running).state(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
