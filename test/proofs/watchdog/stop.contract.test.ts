import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { openJournal } from '../../../src/gate/journal.ts';
import { watchdogRequirement } from '../../../src/proofs/watchdog/requirement.ts';
import { stopAlert } from '../../../src/proofs/watchdog/stop.ts';
import { connectAlertmanager } from '../../../src/stack/alertmanager.ts';
import { listenOnLoopback } from '../../sandbox/listen.ts';
import { contextWith } from '../context.ts';

test('a silence that was being made when the run was stopped is ended', async () => {
  const stopping = new AbortController();
  const silences: object[] = [{ id: 's0', createdBy: 'somebody', comment: 'maintenance', endsAt: '', status: { state: 'active' } }];
  const ended: string[] = [];
  const app = new Hono();
  app.get('/api/v2/silences', (context) => context.json(silences));
  app.post('/api/v2/silences', async (context) => {
    stopping.abort(new Error('stopped'));
    silences.push({ ...(await context.req.json<object>()), id: 's1', status: { state: 'active' } });
    return context.json({ silenceID: 's1' });
  });
  app.get('/api/v2/alerts', (context) => context.json([]));
  app.delete('/api/v2/silence/:id', (context) => {
    ended.push(context.req.param('id'));
    return context.body(null, 200);
  });
  await using server = await listenOnLoopback(createAdaptorServer(app), 0);
  const journal = openJournal(() => undefined);
  const context = contextWith({
    grade: 'noticed',
    signal: stopping.signal,
    effects: journal,
    alertmanager: () => connectAlertmanager({ name: 'Alertmanager', url: server.url }),
  });
  const requirement = watchdogRequirement.parse({ rule: 'Watchdog', receiver: 'dead-man', noticedWithin: '1m' });
  await expect(stopAlert(requirement, { alertname: 'Watchdog' }, 60_000, context)).rejects.toThrow('stopped');
  await journal.undoAll();
  expect(ended).toEqual(['s1']);
});
