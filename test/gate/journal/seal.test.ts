import { describe, expect, it, test } from 'vitest';
import { createRedactor } from '../../../src/base/redact.ts';
import type { Undo } from '../../../src/gate/effect.ts';
import { sealUndo, unsealUndo } from '../../../src/gate/journal/seal.ts';

const secrets = ['open-sesame', 'per-item-key', 'swordfish', 'shared-token'];
const redactor = createRedactor(secrets);
const gate = {
  stack: {
    prometheus: { url: 'http://prometheus:9090', token: 'shared-token' },
    alertmanager: {
      url: 'http://alertmanager:9093',
      token: 'open-sesame',
      replicas: [{ url: 'http://second:9093', token: 'shared-token' }],
    },
    boards: { url: 'http://ada:swordfish@boards:3000/grafana' },
  },
  items: [
    {
      id: 'errors',
      requirement: {
        fault: {
          inject: { url: 'http://app/faults' },
          undo: { url: 'http://app/faults/errors?key=per-item-key', headers: { 'x-key': 'per-item-key' }, json: { why: ['per-item-key'] } },
        },
      },
    },
  ],
};

const toAlertmanager: Undo = {
  method: 'POST',
  url: 'http://alertmanager:9093/api/v2/alerts',
  headers: { authorization: 'Bearer open-sesame' },
  json: [{ labels: { alertname: 'A' } }],
};
const toBoth = (request: object): Undo => ({ mentioning: 'lp1', list: request, end: request }) as Undo;

describe('an undo on the disk', () => {
  test.each<readonly [string, Undo]>([
    ['a bearer token', toAlertmanager],
    [
      'the token of a replica, which another server has too',
      { ...toAlertmanager, url: 'http://second:9093/x', headers: { authorization: 'Bearer shared-token' } },
    ],
    ['a login in an address', { method: 'DELETE', url: 'http://ada:swordfish@boards:3000/grafana/api/x' }],
    ['what an item itself says', { method: 'DELETE', ...gate.items[0]?.requirement.fault.undo } as Undo],
    [
      'both requests of a silence',
      toBoth({ method: 'GET', url: 'http://alertmanager:9093/x', headers: { authorization: 'Bearer open-sesame' } }),
    ],
    ['nothing secret', { method: 'DELETE', url: 'http://app/faults' }],
  ])('holds no secret and is whole again with the gate: %s', (_, undo) => {
    const sealed = sealUndo(undo, gate, redactor);
    if (sealed === undefined) throw new Error('it should be sealed');
    const written = JSON.stringify(sealed);
    for (const secret of secrets) expect(written).not.toContain(secret);
    expect(unsealUndo(JSON.parse(written) as typeof sealed, gate)).toEqual({ ok: true, undo });
  });

  test.each<readonly [string, Undo]>([
    ['a secret that stands nowhere in the gate', { ...toAlertmanager, headers: { authorization: 'Basic c3dvcmRmaXNo' } }],
    ['a secret of another server', { ...toAlertmanager, url: 'http://elsewhere/x' }],
    ['a secret that is the name of a key', { method: 'POST', url: 'http://app/faults', json: { 'open-sesame': 1 } }],
  ])('is not written with %s', (_, undo) => {
    expect(sealUndo(undo, gate, redactor)).toBeUndefined();
  });

  it('finds its part again when others were put before it', () => {
    const undo = { method: 'DELETE', ...gate.items[0]?.requirement.fault.undo } as Undo;
    const sealed = sealUndo(undo, gate, redactor);
    const later = { ...gate, items: [{ id: 'new', requirement: {} }, ...gate.items] };
    expect(sealed && unsealUndo(sealed, later)).toEqual({ ok: true, undo });
  });
});

describe('an undo from the disk', () => {
  const sealed = {
    undo: { ...toAlertmanager, headers: { authorization: '' } },
    secrets: [{ at: ['headers', 'authorization'], parts: ['Bearer ', ['stack', 'alertmanager', 'token']] }],
  } as Parameters<typeof unsealUndo>[0];
  const changed = (change: object, undo: object = {}) => ({ ...sealed, undo: { ...sealed.undo, ...undo }, ...change }) as typeof sealed;

  it('gets the token that the gate has now', () => {
    const renewed = { stack: { alertmanager: { url: 'http://alertmanager:9093', token: 'renewed' } } };
    expect(unsealUndo(sealed, renewed)).toMatchObject({ ok: true, undo: { headers: { authorization: 'Bearer renewed' } } });
  });

  test.each<readonly [string, typeof sealed, object, string]>([
    [
      'without its credentials in the gate',
      sealed,
      { stack: { alertmanager: { url: 'http://alertmanager:9093' } } },
      'its credentials stood at stack.alertmanager.token, where the gate has none now',
    ],
    [
      'to a server that the gate does not name',
      changed({ secrets: [] }, { url: 'http://evil/x' }),
      gate,
      'the gate does not name http://evil',
    ],
    [
      'with the token of another server',
      changed(
        { secrets: [{ at: ['headers', 'authorization'], parts: [['stack', 'alertmanager', 'token']] }] },
        { url: 'http://prometheus:9090/x' },
      ),
      gate,
      'what the gate has at stack.alertmanager.token is not meant for http://prometheus:9090',
    ],
    [
      'to two servers',
      changed({
        secrets: [],
        undo: {
          mentioning: 'lp1',
          list: { method: 'GET', url: 'http://app/x' },
          end: { method: 'GET', url: 'http://alertmanager:9093/x' },
        },
      }),
      gate,
      'the gate does not name http://app',
    ],
    ['to no web address', changed({ secrets: [] }, { url: 'file:///etc/passwd' }), gate, 'the gate does not name file:///etc/passwd'],
  ])('is refused %s', (_, undo, now, because) => {
    expect(unsealUndo(undo, now)).toEqual({ ok: false, because });
  });

  it('changes nothing outside of itself, whatever path it names', () => {
    unsealUndo(changed({ secrets: [{ at: ['__proto__', 'toString'], parts: ['gone'] }] }), gate);
    expect(typeof {}.toString).toBe('function');
  });
});
