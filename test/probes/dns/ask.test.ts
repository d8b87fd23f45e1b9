import { Resolver } from 'node:dns/promises';
import { describe, expect, it } from 'vitest';
import dns from '../../../src/probes/dns.ts';
import { ask } from '../../../src/probes/dns/ask.ts';

/** As long as that of a key of 2048 bits, which a zone writes in parts of at most 255. */
const key = `v=DKIM1; k=rsa; p=${'A'.repeat(391)}Q`;

class Zone extends Resolver {
  override resolveTxt = (): Promise<string[][]> => Promise.resolve([[key.slice(0, 255), key.slice(255)]]);
}

describe('a long record', () => {
  const judged = async (expected: object) => {
    const answer = await ask(new Zone(), 'a._domainkey.example.com', 'TXT');
    const options = dns.options.parse({ name: 'a._domainkey.example.com', type: 'TXT', expect: expected });
    return dns.judge(options, { at: '2026-01-01T00:00:00Z', phasesMs: {}, totalMs: 1, servers: [], answer });
  };

  it('is compared to its last letter', async () => {
    expect(await judged({ records: [key] })).toEqual({ status: 'pass', reasons: [] });
    expect(await judged({ includes: [key] })).toEqual({ status: 'pass', reasons: [] });
    expect((await judged({ records: [`${key.slice(0, -1)}R`] })).status).toBe('fail');
  });

  it('is cut only where it is shown', async () => {
    const { reasons } = await judged({ includes: ['v=spf1'] });
    expect(reasons).toEqual([`the TXT records of a._domainkey.example.com are ${key.slice(0, 300)}…: v=spf1 is missing`]);
  });
});
