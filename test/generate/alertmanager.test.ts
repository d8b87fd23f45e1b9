import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerConfig } from '../../src/generate/alertmanager.ts';
import { alert, hook, mail, saidBy, sourceOf, textOf } from './source.ts';

const phone = `{ kind: phone, accountSid: 'AC${'0'.repeat(32)}', authToken: tok-en, from: '+15550001111', to: '+15552223333' }`;
const switched = `stack: { deadMan: { apiKey: the-key, check: 31365bce-8da9-4729-8ff3-aaa71d56b712 } }`;
const channels = `channels: { hook: ${hook}, mail: ${mail}, phone: ${phone} }`;
const made = async (items: readonly string[], more: string = channels) => alertmanagerConfig(await sourceOf(items, more));
const written = async (items: readonly string[], more: string = channels): Promise<unknown> => parse(textOf(await made(items, more)));

const critical = 'labels: { severity: critical }, receivers: [pager], channels: [hook, mail]';
const warning = 'labels: { severity: warning }, receivers: [team], channels: [mail]';

describe('the generated configuration of Alertmanager', () => {
  it('leads alerts by their labels to receivers with the channels of the gate, those with more labels first', async () => {
    const escalated = 'labels: { severity: critical, escalate: "true" }, receivers: [boss], channels: [hook]';
    expect(await written([alert('A', critical), alert('B', warning), alert('C', critical), alert('D', escalated)])).toMatchObject({
      route: {
        receiver: 'team',
        group_by: ['alertname', 'liveproof_nonce'],
        routes: [
          { matchers: ['severity="critical"', 'escalate="true"'], receiver: 'boss' },
          { matchers: ['severity="critical"'], receiver: 'pager' },
          { matchers: ['severity="warning"'], receiver: 'team' },
        ],
      },
      receivers: [
        { name: 'pager', webhook_configs: [{ url: 'http://127.0.0.1:9/hook', send_resolved: true }], email_configs: [{ to: 'c@d.test' }] },
        { name: 'team', email_configs: [{ smarthost: 'mx.test:587', require_tls: true, send_resolved: true }] },
        { name: 'boss', webhook_configs: [{}] },
      ],
    });
  });

  it('is quick enough for the times of the gate', async () => {
    const quick = `${critical}, deliveredWithin: 20s, resolvedWithin: 1m`;
    expect(await written([alert('A', quick), alert('B', warning)])).toMatchObject({
      route: { group_wait: '30s', group_interval: '5m', routes: [{ group_wait: '5s', group_interval: '30s' }, {}] },
    });
  });

  it('tells alerts apart by name where labels do not, and goes on to a second receiver', async () => {
    const both = 'labels: { severity: critical }, receivers: [pager, team], channels: [hook, mail]';
    expect(
      await written([alert('A', critical), alert('B', both), alert('C', warning), alert('D', 'receivers: [team], channels: [mail]')]),
    ).toMatchObject({
      route: {
        routes: [
          { matchers: ['alertname="A"', 'severity="critical"'], receiver: 'pager' },
          { matchers: ['alertname="B"', 'severity="critical"'], receiver: 'pager', continue: true },
          { matchers: ['alertname="B"', 'severity="critical"'], receiver: 'team' },
          { matchers: ['severity="warning"'], receiver: 'team' },
          { matchers: ['alertname="D"'], receiver: 'team' },
        ],
      },
    });
  });

  it('names a file in place of every secret, and says what belongs in it', async () => {
    const text = textOf(await made([alert('A', critical)]));
    expect(text).toContain('#   /run/secrets/mail.password  the password of bot at mx.test\n');
    expect(parse(text)).toMatchObject({
      receivers: [{ email_configs: [{ auth_username: 'bot', auth_password_file: '/run/secrets/mail.password' }] }],
    });
    expect(text).not.toContain('mail-password');
  });

  it('lets a watchdog ping its switch, whose address is a secret', async () => {
    const items = [alert('A', critical), '{ id: dog, proof: watchdog, rule: Dog, receiver: dead-man, noticedWithin: 5m }'];
    const text = textOf(await made(items, `${channels}\n${switched}`));
    expect(text).toContain('put them in place of REPLACE-ME (1 times)');
    expect(parse(text)).toMatchObject({
      route: {
        routes: [
          { matchers: ['alertname="Dog"'], receiver: 'dead-man', group_wait: '0s', group_interval: '30s', repeat_interval: '30s' },
          { receiver: 'pager' },
        ],
      },
      receivers: [{}, { name: 'dead-man', webhook_configs: [{ url: 'https://hc-ping.com/REPLACE-ME', send_resolved: false }] }],
    });
  });

  it('leads the test alert of a redundancy to its channel, by its name where its labels do not', async () => {
    const redundancy = (severity: string) => `{ id: two, proof: redundancy, labels: { severity: ${severity} }, channel: hook }`;
    expect(await written([alert('A', critical), alert('B', warning), redundancy('critical')])).not.toHaveProperty('receivers.2');
    expect(await written([alert('A', critical), alert('B', warning), redundancy('warning')])).toMatchObject({
      route: {
        routes: [{ matchers: ['alertname=~"LiveproofRedundancy.*"', 'severity="warning"'], receiver: 'liveproof-redundancy' }, {}, {}],
      },
      receivers: [{}, {}, { name: 'liveproof-redundancy', webhook_configs: [{}] }],
    });
  });

  it.each([
    [
      'a channel that Alertmanager cannot send to by itself',
      [alert('A', 'receivers: [pager], channels: [phone]')],
      'the gate does not say how Alertmanager comes to the channel phone: it has no way of its own to send to phone → add to it "alertsUrl", the address at which a bridge takes Alertmanager\'s webhook and passes it on',
    ],
    [
      'a receiver without channels',
      [alert('A', 'receivers: [pager]')],
      'the gate does not say which channels the receiver pager leads to → name them under "channels" of an item that names this receiver',
    ],
    [
      'two receivers of which nobody knows which leads where',
      [alert('A', 'receivers: [pager, team], channels: [hook, mail]'), alert('B', warning.replace('team', 'other'))],
      'the item a does not say which of pager and team leads to hook and mail → name one receiver in it that leads to all of its channels, or say in other items what each receiver leads to',
    ],
    [
      'a watchdog without a switch',
      [alert('A', critical), '{ id: dog, proof: watchdog, rule: Dog, receiver: dead-man, noticedWithin: 5m }'],
      "the gate does not say which dead-man's switch the receiver dead-man pings → add it under stack: { deadMan: { url, apiKey, check } }",
    ],
    [
      'a gate that names no receiver',
      [alert('A')],
      'the gate small names no receiver that an alert must reach → add "receivers" and "channels" to its items with "proof: alert"',
    ],
  ])('is refused for %s', async (_, items, says) => {
    expect(saidBy(await made(items))).toEqual([says]);
  });

  it('leaves out what stands for a person in an address', async () => {
    const signed = channels.replace('http://127.0.0.1:9/hook', 'http://bot:hook-secret@127.0.0.1:9/hook');
    const text = textOf(await made([alert('A', critical)], signed));
    expect(text).not.toContain('hook-secret');
    expect(text).toContain('http://REPLACE-ME@127.0.0.1:9/hook');
  });
});
