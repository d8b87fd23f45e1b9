import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { activateAlert } from '../../src/gate/activate-alert.ts';
import { openJournal } from '../../src/gate/journal.ts';
import { connectAlertmanager, type PostableAlert } from '../../src/stack/alertmanager.ts';
import { testAlert } from '../../src/stack/alertmanager/test-alert.ts';
import { listenOnLoopback } from '../sandbox/listen.ts';

const alert = testAlert({ name: 'A', labels: {} }, { alertname: 'A' }, 'lp1', new Date(), 60_000);
const signal = AbortSignal.timeout(10_000);

/** Says that it is there, and takes alerts or refuses them. */
async function serve(status: 200 | 500) {
  const posted: boolean[] = [];
  const app = new Hono();
  const config = { original: '' };
  app.get('/api/v2/status', (context) => context.json({ versionInfo: { version: '0' }, cluster: { status: 'ready' }, config }));
  app.post('/api/v2/alerts', async (context) => {
    const [one] = await context.req.json<PostableAlert[]>();
    posted.push(Date.parse(one?.endsAt ?? '') > Date.now());
    return context.body(null, status);
  });
  const server = await listenOnLoopback(createAdaptorServer(app), 0);
  const alertmanager = connectAlertmanager({ name: 'Alertmanager', url: server.url });
  return {
    alertmanager,
    /** Of every post, whether the alert was active in it. */
    posted,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

it('says who took an alert, and ends it there', async () => {
  await using first = await serve(200);
  await using second = await serve(200);
  await using refusing = await serve(500);
  const all = [first, second, refusing].map(({ alertmanager }) => alertmanager);
  const effects = openJournal(() => undefined);
  const { takenBy, undo } = await activateAlert(alert, 60_000, all, { effects, beforeSignal: () => Promise.resolve(), signal });
  expect(takenBy).toEqual([first.alertmanager, second.alertmanager]);
  await undo();
  expect([first.posted, second.posted]).toEqual([
    [true, false],
    [true, false],
  ]);
});

it('leaves an alert active nowhere when the first does not take it', async () => {
  await using refusing = await serve(500);
  await using second = await serve(200);
  const effects = openJournal(() => undefined);
  const activating = activateAlert(alert, 60_000, [refusing.alertmanager, second.alertmanager], {
    effects,
    beforeSignal: () => Promise.resolve(),
    signal,
  });
  await expect(activating).rejects.toMatchObject({ code: 'stack/unexpected-answer' });
  expect(second.posted).toEqual([true, false]);
});
