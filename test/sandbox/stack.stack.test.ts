import { expect, test } from 'vitest';
import { askJson } from './ask.ts';
import { startStack } from './stack.ts';
import { waitUntil } from './wait-until.ts';

test('the small stack is alive: what the exporter shows becomes an alert in Alertmanager', async () => {
  await using stack = await startStack({
    metrics: 'lamps 1\n',
    rules: 'groups: [{ name: tests, rules: [{ alert: ManyLamps, expr: lamps > 3 }] }]',
  });
  const alerts = async (): Promise<unknown[]> => await askJson<unknown[]>('GET', `${stack.alertmanager.url}/api/v2/alerts`);
  expect(await alerts()).toEqual([]);
  stack.exporter.show('lamps 4\n');
  await waitUntil('the alert is in Alertmanager', async () => (await alerts()).length === 1);

  stack.exporter.answerWith(500);
  await waitUntil('the target is down', async () => {
    const { data } = await askJson<{ data: { activeTargets: { health: string }[] } }>('GET', `${stack.prometheus.url}/api/v1/targets`);
    return data.activeTargets[0]?.health === 'down';
  });
});

test('a stack of which one part cannot start does not start at all', async () => {
  await expect(startStack({ metrics: '', alertmanagerConfig: 'nonsense' })).rejects.toThrow('alertmanager did not start');
});
