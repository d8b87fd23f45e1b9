import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findingsOn } from '../../src/gate/finding.ts';
import { ladders } from '../../src/gate/grade.ts';
import { defineProof } from '../../src/gate/proof.ts';
import { blockedBy, judgeRecord, stateOf, verdictOf } from '../../src/gate/verdict.ts';

const ladder = ladders.metric;
const exported = findingsOn('logins_total', 'exported');
const scraped = findingsOn('logins_total', 'scraped');
const responsive = findingsOn('logins_total', 'responsive');

describe('verdictOf', () => {
  it('proves a subject whose every rung up to the required one holds', () => {
    const verdict = verdictOf(ladder, 'scraped', [exported.yes('on /metrics'), scraped.yes('2 s old')], 'metrics');
    expect(verdict).toMatchObject({ state: 'proven', grade: 'scraped' });
  });

  it('disproves on a single refuted rung and keeps the grade below it', () => {
    const verdict = verdictOf(ladder, 'responsive', [exported.yes('on /metrics'), scraped.no('no sample')], 'metrics');
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'exported' });
    expect(verdict.reasons[0]).toMatchObject({ holds: 'no', says: 'no sample' });
  });

  it('is inconclusive when a rung was not looked at, and says which', () => {
    const verdict = verdictOf(ladder, 'responsive', [exported.yes('on /metrics'), scraped.yes('2 s old')], 'metrics');
    expect(verdict.state).toBe('inconclusive');
    expect(verdict.reasons[0]?.says).toBe('whether logins_total is responsive was not looked at');
  });

  it('lets a refutation outweigh what could not be told', () => {
    const verdict = verdictOf(ladder, 'scraped', [exported.unknown('no answer'), scraped.no('no sample')], 'metrics');
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'declared' });
  });

  it('shows but does not count findings above the required grade', () => {
    const verdict = verdictOf(ladder, 'exported', [exported.yes('on /metrics'), responsive.no('did not move')], 'metrics');
    expect(verdict.state).toBe('proven');
    expect(verdict.reasons).toHaveLength(2);
  });

  it('takes the worst of several subjects and the lowest grade', () => {
    const other = findingsOn('logouts_total', 'exported').no('not there');
    const verdict = verdictOf(ladder, 'scraped', [exported.yes('there'), scraped.yes('fresh'), other], 'metrics');
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'declared' });
    expect(verdict.subjects.map(({ state }) => state)).toEqual(['proven', 'disproven']);
  });

  it('proves nothing from no findings at all', () => {
    expect(verdictOf(ladder, 'exported', [], 'metrics').state).toBe('inconclusive');
  });

  it.each(['declared', 'delivered', ''])('proves nothing when the required grade is %j', (grade) => {
    expect(verdictOf(ladder, grade as 'declared', [exported.yes('there')], 'metrics').state).toBe('inconclusive');
  });

  it('never proves an item in which any finding up to the required rung is not a yes', () => {
    const anyFinding = fc.record({
      subject: fc.constantFrom('a', 'b'),
      grade: fc.constantFrom(...ladder.slice(1)),
      holds: fc.constantFrom('yes', 'no', 'unknown'),
      says: fc.constant('…'),
    });
    fc.assert(
      fc.property(fc.array(anyFinding), (findings) => {
        const { state } = verdictOf(ladder, 'responsive', findings, 'item');
        for (const grade of [...ladder, 'seen'] as const)
          expect(stateOf(ladder, grade, findings, 'item')).toBe(verdictOf(ladder, grade, findings, 'item').state);
        if (findings.some(({ holds }) => holds === 'no')) expect(state).toBe('disproven');
        else if (findings.some(({ holds }) => holds === 'unknown')) expect(state).toBe('inconclusive');
      }),
    );
  });
});

const proof = defineProof({
  kind: 'answer',
  summary: 'The answer is 42',
  ladder: ladders.check,
  defaultGrade: 'passed',
  requirement: z.strictObject({ answer: z.number() }),
  facts: z.strictObject({ answer: z.number() }),
  observe: () => Promise.resolve({ answer: 42 }),
  judge: (requirement, facts) => {
    const about = findingsOn('answer', 'passed');
    return [facts.answer === requirement.answer ? about.yes('it is') : about.no(`it is ${String(facts.answer)}`)];
  },
});
const item = { id: 'a', grade: 'passed', requirement: { answer: 42 } } as const;
const at = '2026-01-01T00:00:00.000Z';
const record = { item: 'a', proof: 'answer', nonce: 'lp1', startedAt: at, finishedAt: at };

describe('judgeRecord', () => {
  it('judges recorded facts, green and red', () => {
    expect(judgeRecord(proof, item, { ...record, facts: { answer: 42 } }).state).toBe('proven');
    expect(judgeRecord(proof, item, { ...record, facts: { answer: 41 } }).state).toBe('disproven');
  });

  it('cannot tell from a failure, from no facts, or from facts of another shape', () => {
    const failure = { code: 'stack/unreachable', says: 'no answer', hint: 'start it' };
    expect(judgeRecord(proof, item, { ...record, failure })).toMatchObject({
      state: 'inconclusive',
      reasons: [{ says: 'no answer', hint: 'start it' }],
    });
    expect(judgeRecord(proof, item, record).state).toBe('inconclusive');
    expect(judgeRecord(proof, item, { ...record, facts: { answer: 42, more: 1 } }).state).toBe('inconclusive');
  });

  it('does not take the observation of another item', () => {
    expect(judgeRecord(proof, item, { ...record, item: 'b', facts: { answer: 42 } }).state).toBe('inconclusive');
  });
});

it('names what a blocked item rests on', () => {
  expect(blockedBy(ladder, 'x', ['a', 'b'])).toMatchObject({
    state: 'blocked',
    reasons: [{ says: 'not tried: it rests on "a", "b", which are not proven' }],
  });
});
