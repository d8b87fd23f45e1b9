import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hopsOf } from '../../../src/channels/email/received.ts';

const header = [
  'Received: from relay.example.org (relay.example.org [192.0.2.1])',
  '\tby mx.accubooks.test (Postfix) with ESMTPS id 4F; x=y',
  '\tfor <oncall@accubooks.test>; Sat, 21 Nov 2026 04:00:07 +0100 (CET)',
  'Received: from localhost by relay.example.org',
  '  with SMTP; Sat, 21 Nov 2026 03:00:05 GMT',
  '',
].join('\r\n');

describe('the way of a mail', () => {
  it('is told from its first server to its last, with the time at each', () => {
    expect(hopsOf(header)).toEqual([
      { hop: 'taken by relay.example.org', at: '2026-11-21T03:00:05.000Z' },
      { hop: 'taken by mx.accubooks.test', at: '2026-11-21T03:00:07.000Z' },
    ]);
  });

  it.each([
    '',
    'Received: from a by b',
    'Received: from a by b; yesterday',
    'Received: by a; 1 Jan 99999 00:00:00 GMT',
    'X-Received: by c; Sat, 21 Nov 2026 03:00:05 GMT',
    ';',
  ])('leaves out what cannot be read: %s', (line) => expect(hopsOf(line)).toEqual([]));

  it('names a server that does not name itself', () => {
    expect(hopsOf('Received: (qmail 1 invoked by uid 0); 21 Nov 2026 03:00:05 -0000')).toMatchObject([
      { hop: expect.stringMatching(/^taken by /) },
    ]);
    expect(hopsOf('Received: from a; 21 Nov 2026 03:00:05 -0000')).toMatchObject([{ hop: 'taken by a mail server' }]);
  });

  it('never fails and never grows, whatever the header holds', () => {
    const lines = fc.array(fc.oneof(fc.string(), fc.constant(header), fc.constant('Received: by a; 1 Jan 2026 00:00:00 GMT')), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(lines, (all) => {
        const hops = hopsOf(all.join('\r\n'));
        expect(hops.length).toBeLessThanOrEqual(20);
        for (const { at } of hops) expect(new Date(at).toISOString()).toBe(at);
      }),
    );
  });
});
