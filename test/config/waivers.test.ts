import { describe, expect, it } from 'vitest';
import { accepted, refusal } from './sample.ts';

const gate = (rules: string, waivers: string, more = ''): string => `
gate: sample
policy: { ${rules} }
${more}
items:
  - { id: a, severity: low, proof: scrape, job: app, interval: 15s }
  - { id: b, severity: high, proof: scrape, job: app, interval: 15s }
waivers:
${waivers}`;
const waives = (item: string, more = 'by: Ada, reason: on order, expires: 2026-03-01'): string => `  - { item: ${item}, ${more} }\n`;
const allowed = 'waivers: { items: [a], longest: 14d }';

describe('the waivers of a gate', () => {
  it('are read with what the gate allows', async () => {
    const { gate: loaded } = await accepted(gate(allowed, waives('a')));
    expect(loaded.policy.waivers).toEqual({ items: ['a'], severities: [], longestMs: 14 * 86_400_000 });
    expect(loaded.waivers).toEqual([{ item: 'a', by: 'Ada', reason: 'on order', expires: '2026-03-01' }]);
  });

  it('may last 30 days when the gate does not say how long', async () => {
    const { gate: loaded } = await accepted(gate('waivers: { severities: [low] }', waives('a')));
    expect(loaded.policy.waivers).toEqual({ items: [], severities: ['low'], longestMs: 30 * 86_400_000 });
  });

  it('may stand in a file of their own', async () => {
    const { gate: loaded, sources } = await accepted({
      'gate.yaml': gate('waivers: { items: [a, b] }', waives('a'), 'include: [waivers.yaml]'),
      'waivers.yaml': `waivers:\n${waives('b', 'by: Grace, reason: next week, expires: 2026-03-02T12:00:00Z')}`,
    });
    expect(loaded.waivers?.map(({ item, by }) => [item, by])).toEqual([
      ['a', 'Ada'],
      ['b', 'Grace'],
    ]);
    expect(sources.map(({ path }) => path)).toContain('waivers.yaml');
  });

  it('are none by default, and nothing may be waived', async () => {
    const { gate: loaded } = await accepted(gate('', '  []'));
    expect([loaded.waivers, loaded.policy.waivers]).toEqual([undefined, undefined]);
    const text = await refusal(gate('', waives('a')));
    expect(text).toContain('the gate does not allow "a" to be waived');
    expect(text).toContain('--> gate.yaml:9:13');
    expect(text).toContain('policy: { waivers: { items: [a] } }');
  });

  it.each([
    ['an item that there is not', waives('c'), 'there is no item "c"', '9:13'],
    ['an item that may not be waived', waives('b'), 'the gate does not allow "b" to be waived', '9:13'],
    ['one item twice', waives('a') + waives('a'), 'the waiver of "a" is given twice', '10:13'],
    ['no reason', waives('a', 'by: Ada, expires: 2026-03-01'), '"reason"', '9:5'],
    ['an empty reason', waives('a', "by: Ada, reason: ' ', expires: 2026-03-01"), '"reason": must say something', '9:33'],
    ['nobody who answers for it', waives('a', 'reason: on order, expires: 2026-03-01'), '"by"', '9:5'],
    ['no end', waives('a', 'by: Ada, reason: on order'), '"expires"', '9:5'],
    [
      'an end that is no date',
      waives('a', 'by: Ada, reason: on order, expires: soon'),
      '"expires" must be a date such as 2026-01-31, not "soon"',
      '9:52',
    ],
  ])('are refused with %s', async (_, waivers, says, place) => {
    const text = await refusal(gate(allowed, waivers));
    expect(text).toContain(says);
    expect(text).toContain(`--> gate.yaml:${place}`);
  });

  it('are refused by the policy of an item that there is not', async () => {
    expect(await refusal(gate('waivers: { items: [c] }', '  []'))).toContain('there is no item "c"');
  });
});
