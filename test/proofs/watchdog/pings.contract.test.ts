import { expect, test } from 'vitest';
import { newPings } from '../../../src/proofs/watchdog/observe-arriving.ts';
import { connectDeadManSwitch } from '../../../src/stack/dead-man.ts';
import { startHealthchecks } from '../../sandbox/healthchecks.ts';

const alert = (alertname: string, status: string) => ({ status, labels: { alertname, severity: 'none' }, annotations: {} });
/** As Alertmanager writes it, in its order of keys. */
const notification = (...alerts: readonly object[]): string =>
  JSON.stringify({ receiver: 'dead-man', status: 'firing', alerts, version: '4' });

async function readBack(body: string, bodyLimit = 10_000) {
  await using running = await startHealthchecks({ bodyLimit });
  await fetch(running.pingUrl);
  await fetch(running.pingUrl, { method: 'POST', body });
  const { url, apiKey, check } = running;
  const deadMan = () => connectDeadManSwitch({ name: "the dead-man's switch", url }, { apiKey, check });
  const pings = await newPings(1, { signal: AbortSignal.timeout(10_000), deadMan });
  expect(pings.map(({ number }) => number)).toEqual([2]);
  return pings[0]?.alerts;
}

test('the alerts of a ping are read from what it brought', async () => {
  expect(await readBack(notification(alert('Watchdog', 'firing'), alert('Other', 'resolved')))).toEqual([
    { name: 'Watchdog', status: 'firing' },
    { name: 'Other', status: 'resolved' },
  ]);
});

test('the first alert of a ping is read from what a switch that keeps little has kept', async () => {
  expect(await readBack(notification(alert('Watchdog', 'firing')), 120)).toEqual([{ name: 'Watchdog', status: 'firing' }]);
  expect(await readBack(notification(alert('Watchdog', 'firing')), 60)).toBeUndefined();
});

test.each(['', 'hello', '{}', '{"alerts":[]}', '[1]', 'say "alertname":"Watchdog"'])(
  'no alert is read from what is no notification: %s',
  async (body) => {
    expect(await readBack(body)).toBeUndefined();
  },
);
