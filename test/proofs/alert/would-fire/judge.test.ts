import { describe, expect, it } from 'vitest';
import { judgeWouldFire } from '../../../../src/proofs/alert/would-fire/judge.ts';
import { failed, required, rule, tried } from '../recorded.ts';

const judged = (facts = tried(), requirement = required(), loadedRule = rule()) => judgeWouldFire(requirement, loadedRule, facts, []);

describe('a rule tried in virtual time', () => {
  it('is proven when every test passed and every mutant was noticed', () => {
    expect(judged()).toEqual([
      expect.objectContaining({
        grade: 'would-fire',
        holds: 'yes',
        says:
          'in virtual time the loaded rule fires after 5m when 1.2% of requests fail, stops when that is over, and is silent when 0.8% of requests fail; ' +
          'changed versions of the rule that were tried: 1, unnoticed: 0',
      }),
    ]);
  });

  it.each([
    ['fires', 'the rule does not fire when 1.2% of requests fail'],
    ['waits', 'when 1.2% of requests fail the rule does not wait 5m before it fires'],
    ['recovers', 'the rule goes on firing after it is over that 1.2% of requests fail'],
    ['stays-silent', 'the rule fires when 0.8% of requests fail, and must not'],
  ] as const)('is refuted when the test "%s" failed', (check, says) => {
    expect(judged(failed(check))).toEqual([expect.objectContaining({ holds: 'no', says })]);
  });

  it('is refuted with the value that it compared', () => {
    const measurements = [{ situation: '0.8% of requests fail', expression: 'a / b', values: [0.80000001, 'NaN'] }];
    expect(judged({ ...failed('stays-silent'), measurements })[0]?.says).toBe(
      'the rule fires when 0.8% of requests fail, and must not (`a / b` is 0.8 and NaN then)',
    );
  });

  it('is told to wait less, not to change its threshold, when it waits longer than it may', () => {
    const [found] = judged(failed('fires'), required(), rule({ forMs: 600_000 }));
    expect(found?.hint).toMatch(/^write "for: 5m" in group .+: it waits 10m, longer than this situation is tried$/);
    expect(judged(failed('fires'))[0]?.hint).toMatch(/^change its threshold/);
  });

  it('is refuted when it cannot be evaluated', () => {
    const words = 'FAILED:\n    rule: HighErrorRate, time: 0s, err: many-to-many matching not allowed';
    expect(judged(failed('fires', words))[0]?.says).toBe(
      'when 1.2% of requests fail the rule cannot be evaluated: many-to-many matching not allowed',
    );
  });

  it('is not known when promtool is too old to read it', () => {
    const words = 'FAILED:\nt1.rules.yml: yaml: unmarshal errors:\n  line 8: field keep_firing_for not found';
    expect(judged(failed('fires', words))[0]).toMatchObject({
      holds: 'unknown',
      says: expect.stringMatching(/^promtool 2\.42\.0 cannot read the rule that Prometheus has loaded: .*field keep_firing_for/s),
    });
  });

  it('is not known in situations that were not tried, or without mutants', () => {
    const { tests, mutants: _mutants, ...rest } = tried();
    expect(judged({ ...tried(), tests: tests.slice(1) })).toEqual([
      expect.objectContaining({ holds: 'unknown', says: 'what the rule does when 1.2% of requests fail was not tried' }),
    ]);
    expect(judged({ ...rest, tests })).toEqual([
      expect.objectContaining({ holds: 'unknown', says: 'whether the gate would notice another rule was not tried' }),
    ]);
  });

  it('does not repeat itself: a rule that never fires does not wait either', () => {
    const never = { ...failed('fires'), tests: [...failed('waits').tests.slice(0, 1), ...failed('fires').tests.slice(1)] };
    expect(judged(never)).toHaveLength(1);
  });

  it('is not known where the gate names no situations', () => {
    expect(judged(tried(), required({ firesWhen: [] }))).toEqual([
      expect.objectContaining({ holds: 'unknown', hint: expect.stringContaining('"firesWhen"') }),
    ]);
    expect(judged(tried(), required({ silentWhen: [] }))).toEqual([
      expect.objectContaining({ holds: 'unknown', hint: expect.stringContaining('"silentWhen"') }),
    ]);
  });

  it('is not known when the gate would not notice another rule', () => {
    const survivor = { says: 'the threshold 0.01 is doubled to 0.02', hint: 'add a situation', expression: '…', forMs: 0, killed: false };
    expect(judged(tried({ mutants: [survivor] }))).toEqual([
      {
        subject: 'HighErrorRate',
        grade: 'would-fire',
        holds: 'unknown',
        says: 'no situation of the gate would notice it if the threshold 0.01 is doubled to 0.02: they do not pin the rule down',
        hint: 'add a situation',
      },
    ]);
    expect(judged(tried({ mutants: { trouble: { code: 'tool/failed', says: 'promtool was not done' } } }))[0]?.holds).toBe('unknown');
  });
});
