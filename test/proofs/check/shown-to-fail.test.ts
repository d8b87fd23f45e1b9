import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../../src/gate/verdict.ts';
import check from '../../../src/proofs/check.ts';
import type { CheckFacts, Run, Shown, Wait } from '../../../src/proofs/check/facts.ts';

const at = '2026-02-01T12:00:00.000Z';
const requirement = check.requirement.parse({
  check: 'health',
  fault: {
    says: 'the database is away',
    inject: { url: 'http://app/faults' },
    undo: { method: 'DELETE', url: 'http://app/faults' },
    lasts: '1m',
    failsWithin: '10s',
    recoversWithin: '20s',
  },
});

function run(status: Run['outcome']['status'], ...reasons: readonly string[]): Run {
  return { startedAt: at, durationMs: 12, outcome: { status, reasons: [...reasons] } };
}
const waitOf = (last: Run, waitedMs: number, runsBefore = 2): Wait => ({ runsBefore, last, waitedMs });
const red = run('fail', 'status 503, expected 2xx');
const green = run('pass');

function broken(change: Partial<Extract<Shown, { outcome: 'broken' }>> = {}): Shown {
  const answer = { status: 204, excerpt: '' };
  return { outcome: 'broken', injectedAt: at, answer, whileBroken: waitOf(red, 1_500), afterwards: waitOf(green, 700, 0), ...change };
}

function judge(shown: Shown | undefined, runs: readonly Run[] = [green, green, green]) {
  const facts: CheckFacts = { grade: 'shown-to-fail', runs: [...runs], ...(shown === undefined ? {} : { shown }) };
  const findings = check.judge(requirement, check.facts.parse(facts));
  const { state, grade } = verdictOf(check.ladder, 'shown-to-fail', findings, 'item');
  return { state, grade, says: findings.filter((each) => each.grade === 'shown-to-fail').map(({ says }) => says) };
}

describe('a check is shown to fail', () => {
  test('when it failed while its target was broken and passed after that was undone', () => {
    expect(judge(broken())).toEqual({
      state: 'proven',
      grade: 'shown-to-fail',
      says: [
        'when the database is away, it failed after 1.5 s (status 503, expected 2xx), and it passed again 700 ms after that was undone',
      ],
    });
  });
});

describe('a check is not shown to fail', () => {
  test('when it went on passing', () => {
    const { state, grade, says } = judge(broken({ whileBroken: waitOf(green, 10_000) }));
    expect({ state, grade }).toEqual({ state: 'disproven', grade: 'steady' });
    expect(says).toEqual(['when the database is away, it went on passing, 3 times in 10.0 s: it does not notice']);
  });

  test('when it was not watched for as long as it may take', () => {
    expect(judge(broken({ whileBroken: waitOf(green, 9_000) }))).toMatchObject({
      state: 'inconclusive',
      says: ['when the database is away, it passed 3 times, and was not looked at for any longer'],
    });
  });

  test('when it failed too late', () => {
    expect(judge(broken({ whileBroken: waitOf(red, 10_400) }))).toMatchObject({
      state: 'disproven',
      says: ['when the database is away, it failed only after 10.4 s; 10s are allowed'],
    });
  });

  test('when it could only not be run: that is our trouble and not its target', () => {
    const { state, says } = judge(broken({ whileBroken: waitOf(run('error', 'no Chromium'), 10_000) }));
    expect(state).toBe('inconclusive');
    expect(says).toEqual(['when the database is away, it could not be run (no Chromium): that says nothing about its target']);
  });

  test('when it never passed again, or too late', () => {
    expect(judge(broken({ afterwards: waitOf(red, 20_100) }))).toMatchObject({
      state: 'disproven',
      says: ['it still fails 20.1 s after it was undone that the database is away: status 503, expected 2xx'],
    });
    expect(judge(broken({ afterwards: waitOf(green, 20_100) }))).toMatchObject({
      state: 'disproven',
      says: ['it passed again only 20.1 s after it was undone that the database is away; 20s are allowed'],
    });
    expect(judge(broken({ afterwards: waitOf(run('error', 'no Chromium'), 20_100) })).state).toBe('inconclusive');
  });

  test('when the fault was refused, could not be made, or is not declared', () => {
    expect(judge({ outcome: 'refused', answer: { status: 403, excerpt: 'faults are off' } })).toMatchObject({
      state: 'inconclusive',
      says: ['the fault could not be made: POST http://app/faults answered HTTP 403: faults are off'],
    });
    expect(judge({ outcome: 'not-made', says: 'connection refused' })).toMatchObject({
      state: 'inconclusive',
      says: ['the fault could not be made: connection refused'],
    });
    expect(judge({ outcome: 'no-fault' })).toMatchObject({
      state: 'inconclusive',
      says: ['its target was not broken on purpose, so nobody knows that it can fail'],
    });
  });

  test('when it was not steady before: what it shows then says nothing', () => {
    expect(judge(undefined, [green, red])).toMatchObject({ state: 'disproven', grade: 'passed' });
    expect(judge(broken(), [green, green])).toMatchObject({ state: 'inconclusive', grade: 'passed' });
    expect(judge(undefined).state).toBe('inconclusive');
  });
});
