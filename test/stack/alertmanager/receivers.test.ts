import { expect, it } from 'vitest';
import { integrationsIn } from '../../../src/stack/alertmanager/receivers.ts';

it('reads what every receiver does, and where to as far as the server shows it', () => {
  const found = integrationsIn(`
receivers:
  - name: pager
    pagerduty_configs: [{ routing_key: <secret>, url: 'https://events.pagerduty.com/v2/enqueue' }]
    webhook_configs: [{ url: 'http://bridge:9097/alerts' }, { url: <secret> }]
  - name: post
    email_configs: [{ to: 'ada@example.org, grace@example.org' }]
  - name: nobody
`);
  expect(Object.fromEntries(found)).toEqual({
    pager: [
      { kind: 'pagerduty', to: 'https://events.pagerduty.com/v2/enqueue' },
      { kind: 'webhook', to: 'http://bridge:9097/alerts' },
      { kind: 'webhook' },
    ],
    post: [
      { kind: 'email', to: 'ada@example.org' },
      { kind: 'email', to: 'grace@example.org' },
    ],
    nobody: [],
  });
});

it('says that it cannot read what is no configuration', () => {
  expect(() => integrationsIn('receivers: {')).toThrow('cannot read the receivers');
  expect(() => integrationsIn('receivers: [{ webhook_configs: [] }]')).toThrow('cannot read the receivers');
});
