import { expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { board } from '../../src/board/board.ts';
import { startBoardServer } from '../../src/web/server.ts';
import { createLeakFinder, hardCanary } from './canary.ts';
import { startEchoServers, type EchoMode } from './echo.ts';
import { gateOf } from '../gate/gate-of.ts';

const modes: readonly EchoMode[] = ['refuses', 'fails', 'answers', 'redirects'];

it.each(modes)('the board server shows nobody a secret when Prometheus %s and says it back', async (mode) => {
  const ofPrometheus = hardCanary('token');
  const canaries = [ofPrometheus, hardCanary('another')];
  await using stack = new AsyncDisposableStack();
  const echo = stack.use(await startEchoServers(mode, canaries));
  const panels = [
    { panel: 'up', title: 'Up', show: 'stat', queries: [{ query: 'up' }] },
    { panel: 'alerts', title: 'Alerts', show: 'alerts' },
  ];
  const gate = gateOf({
    stack: { prometheus: { url: echo.url, token: ofPrometheus.value } },
    boards: [board.parse({ board: 'all', title: 'All', refresh: '1s', access: 'public', panels })],
  });
  const secrets = canaries.map(({ value }) => value);
  const server = await startBoardServer({ gate, secrets, host: '127.0.0.1', port: 0, clock: systemClock, toolVersion: 'test' });
  stack.defer(() => server.stop());
  const question = JSON.stringify({ queries: [{ refId: 'A', expr: 'up' }] });
  const find = createLeakFinder(canaries);
  const leaks: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const asked = [
      fetch(`${server.url}/api/ds/query`, { method: 'POST', body: question, headers: { 'content-type': 'application/json' } }),
      ...['/', '/d/all', '/api/alerts', '/api/dashboards/uid/all', '/assets/board.js'].map((path) => fetch(server.url + path)),
    ];
    for (const answer of await Promise.all(asked))
      leaks.push(...find(answer.url, JSON.stringify([...answer.headers]) + (await answer.text())));
  }
  expect(echo.echoes()).toBeGreaterThan(5);
  expect(leaks).toEqual([]);
});
