import { expect, test } from 'vitest';
import { askJson } from './ask.ts';
import { startAlertmanager } from './alertmanager.ts';
import { isAlive } from './process-tree.ts';
import { waitUntil } from './wait-until.ts';

const configOf = (receiver: string) => `route: { receiver: ${receiver} }\nreceivers: [{ name: ${receiver} }]\n`;

interface Held {
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly state: string; readonly silencedBy: readonly string[] };
}
const held = async (url: string): Promise<Held | undefined> => (await askJson<Held[]>('GET', `${url}/api/v2/alerts`))[0];

test('Alertmanager takes an alert, shows a silence and its end, routes anew after a reload, and is gone after stop', async () => {
  const alertmanager = await startAlertmanager({ config: configOf('first') });
  await using _ = alertmanager;
  await alertmanager.postAlert({ labels: { alertname: 'Lamp' } });
  const active = await waitUntil('the alert is active', async () => {
    const alert = await held(alertmanager.url);
    return alert?.status.state === 'active' && alert;
  });
  expect(active.receivers).toEqual([{ name: 'first' }]);

  const id = await alertmanager.silence({ labels: { alertname: 'Lamp' } });
  const silenced = await waitUntil('the alert is suppressed', async () => {
    const alert = await held(alertmanager.url);
    return alert?.status.state === 'suppressed' && alert;
  });
  expect(silenced.status.silencedBy).toEqual([id]);
  await alertmanager.expireSilence(id);
  await waitUntil('the alert is active again', async () => (await held(alertmanager.url))?.status.state === 'active');

  await alertmanager.reload(configOf('second'));
  await waitUntil('the alert goes to the second receiver', async () => (await held(alertmanager.url))?.receivers[0]?.name === 'second');

  await alertmanager.stop();
  expect(isAlive(alertmanager.pid())).toBe(false);
});

test('a configuration that Alertmanager refuses is an error in its words, at the start and on reload', async () => {
  await expect(startAlertmanager({ config: 'route: { receiver: nobody }' })).rejects.toThrow(
    /alertmanager did not start[^]*undefined receiver/,
  );
  await using alertmanager = await startAlertmanager({ config: configOf('first') });
  await expect(alertmanager.reload('route: { receiver: nobody }')).rejects.toThrow('undefined receiver');
});

test('clustering is off unless it is asked for', async () => {
  await using alone = await startAlertmanager({ config: configOf('first') });
  await using clustered = await startAlertmanager({ config: configOf('first'), cluster: { port: 0, peers: [] } });
  const statusOf = async (url: string): Promise<string> =>
    (await askJson<{ cluster: { status: string } }>('GET', `${url}/api/v2/status`)).cluster.status;
  expect(await statusOf(alone.url)).toBe('disabled');
  expect(await statusOf(clustered.url)).not.toBe('disabled');
});
