import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertFacts } from '../../src/proofs/alert/facts.ts';
import { verdictOf } from '../../src/gate/verdict.ts';
import type { Grade } from '../../src/gate/grade.ts';
import alert from '../../src/proofs/alert.ts';
import { allFacts, arrived, delivered, failed, held, loaded, posted, required, rule, watched } from './alert/recorded.ts';

function verdict(seen: AlertFacts, grade: Grade = 'delivered') {
  const stored = alert.facts.parse(JSON.parse(JSON.stringify(seen)));
  return verdictOf(alert.ladder, grade, alert.judge(required(), stored), 'high-error-rate');
}

const trouble = { trouble: { code: 'stack/unreachable', says: 'no answer', hint: 'is it running?' } };

describe('the proof of an alert', () => {
  it('is proven up to the grade that was asked for', () => {
    expect(verdict(allFacts())).toMatchObject({ state: 'proven', grade: 'delivered', subjects: [{ subject: 'HighErrorRate' }] });
  });

  it.each<[string, Partial<AlertFacts>, string, string]>([
    ['no rule', { loaded: loaded({ rules: [] }) }, 'disproven', 'declared'],
    ['another for', { loaded: loaded({ rules: [rule({ forMs: 60_000 })] }) }, 'disproven', 'declared'],
    ['a rule that never fires', { wouldFire: failed('fires') }, 'disproven', 'loaded'],
    ['no promtool', { wouldFire: trouble }, 'inconclusive', 'loaded'],
    ['a silence', { routed: posted({ held: held({ silencedBy: ['silence 1'] }) }) }, 'inconclusive', 'would-fire'],
    ['another receiver', { routed: posted({ held: held({ receivers: ['p1-urgent'] }) }) }, 'disproven', 'would-fire'],
    ['no Alertmanager', { routed: trouble }, 'inconclusive', 'would-fire'],
    ['no fault', { fired: { outcome: 'no-fault' } }, 'inconclusive', 'routed'],
    ['a fault that nobody noticed', { fired: watched({ transitions: [] }) }, 'disproven', 'routed'],
    ['mail in Junk', { delivered: delivered({ arrivals: [arrived({ place: 'Junk', seenByPeople: false })] }) }, 'disproven', 'fired'],
    ['a channel that was not looked at', { delivered: { outcome: 'not-awaited' } }, 'inconclusive', 'fired'],
  ])('with %s comes to %s', (_, change, state, grade) => {
    expect(verdict(allFacts(change))).toMatchObject({ state, grade });
  });

  it('proves nothing on a rung that nobody looked at', () => {
    for (const rung of ['wouldFire', 'routed', 'fired', 'delivered'] as const) {
      const { [rung]: _missing, ...rest } = allFacts();
      expect(verdict(rest).state).toBe('inconclusive');
    }
  });

  it('says why what kept us from looking did', () => {
    expect(verdict(allFacts({ routed: trouble })).reasons).toContainEqual(
      expect.objectContaining({ grade: 'routed', holds: 'unknown', says: 'could not be looked at: no answer', hint: 'is it running?' }),
    );
  });

  it('does not prove an acknowledgement, and says so', () => {
    expect(verdict(allFacts({ grade: 'acknowledged' }), 'acknowledged')).toMatchObject({ state: 'inconclusive', grade: 'delivered' });
    expect(alert.judge(required(), allFacts({ grade: 'acknowledged' })).at(-1)).toMatchObject({ grade: 'acknowledged', holds: 'unknown' });
  });

  it('is not proven by an address alone when the alert itself came along it', () => {
    const elsewhere = allFacts({ loaded: loaded({ alertmanagers: ['http://alertmanager:9093/api/v2/alerts'] }) });
    expect(verdict(elsewhere).state).toBe('proven');
    expect(verdict({ ...elsewhere, fired: { outcome: 'no-fault' } }).reasons[0]).toMatchObject({ grade: 'loaded', holds: 'unknown' });
  });

  it('is proven only while every single fact of it holds', () => {
    const damage = fc.constantFrom<Partial<AlertFacts>>(
      { wouldFire: failed('waits') },
      { wouldFire: failed('recovers') },
      { wouldFire: failed('stays-silent') },
      { routed: posted({ held: held({ mutedBy: ['nights'] }) }) },
      { fired: { outcome: 'not-quiet', state: 'firing' } },
      { fired: trouble },
      { delivered: delivered({ foundAfterMs: 61_000 }) },
      { loaded: loaded({ alertmanagers: [] }) },
    );
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 4 }), (damages) => {
        expect(verdict(allFacts(Object.assign({}, ...damages) as Partial<AlertFacts>)).state === 'proven').toBe(damages.length === 0);
      }),
    );
  });
});

describe('the requirement of an alert', () => {
  const parse = (change: object) => alert.requirement.safeParse({ rule: 'A', ...change });
  const situation = (series: unknown) => parse({ firesWhen: [{ say: 'x', series: [series] }] }).success;

  it('needs no more than the name of the rule', () => {
    expect(parse({}).data).toMatchObject({ rule: 'A', labels: {}, deliveredWithin: 300_000, onlyReceivers: false });
  });

  it('tells situations apart by what they say', () => {
    const same = [{ say: 'x', series: [] }];
    expect(parse({ firesWhen: same, silentWhen: same }).error?.issues[0]?.message).toContain('two situations say the same');
  });

  it.each([
    [{ series: 'x{a="1"}', rate: 1 }, true],
    [{ series: 'x', value: -1 }, true],
    [{ series: 'x', observe: 1, rate: 1, buckets: [1] }, true],
    [{ series: 'x{a=~"1"}', rate: 1 }, false],
    [{ series: '{a="1"}', rate: 1 }, false],
    [{ series: 'rate(x[5m])', rate: 1 }, false],
    [{ series: 'x', rate: -1 }, false],
    [{ series: 'x', rate: 1, value: 1 }, false],
    [{ series: 'x', observe: 1, rate: 1, buckets: [] }, false],
    [{ series: 'x' }, false],
  ])('takes the series %o: %s', (series, accepted) => {
    expect(situation(series)).toBe(accepted);
  });
});
