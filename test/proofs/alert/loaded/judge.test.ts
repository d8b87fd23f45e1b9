import { describe, expect, it } from 'vitest';
import { judgeLoaded } from '../../../../src/proofs/alert/loaded/judge.ts';
import { loaded, now, required, rule } from '../recorded.ts';

const judged = (facts = loaded(), requirement = required(), seen = false) => judgeLoaded(requirement, facts, seen);

describe('a loaded rule', () => {
  it('is proven with its figures', () => {
    expect(judged()).toEqual([
      {
        subject: 'HighErrorRate',
        grade: 'loaded',
        holds: 'yes',
        says:
          'loaded in group accubooks_critical and healthy: for 5m, labels {severity="critical"}, last evaluated 4.0 s ago, ' +
          'alerts go to http://127.0.0.1:9093/api/v2/alerts',
      },
    ]);
  });

  it.each([
    ['another for', { forMs: 120_000 }, 'the loaded rule waits "for: 2m", required is 5m', /^write "for: 5m" in group accubooks_critical/],
    [
      'another label',
      { labels: { severity: 'high' } },
      'the loaded rule has the label severity="high", required is severity="critical"',
      /severity: critical/,
    ],
    ['no such label', { labels: {} }, 'the loaded rule has no label severity, required is severity="critical"', /severity: critical/],
    [
      'no annotation',
      { annotations: { summary: 'a' } },
      'the loaded rule has no annotation description: whoever is woken would not be told it',
      /description/,
    ],
    [
      'an empty annotation',
      { annotations: { summary: ' ', description: 'a' } },
      'the loaded rule has an empty annotation summary: whoever is woken would not be told it',
      /summary/,
    ],
    [
      'an error',
      { health: 'err', lastError: 'many-to-many matching' },
      'Prometheus cannot evaluate the rule: many-to-many matching',
      /Rules page/,
    ],
    [
      'no fresh evaluation',
      { lastEvaluation: new Date(now - 60_000).toISOString() },
      'the rule was last evaluated 1m ago, though its group is to be evaluated every 15s',
      /overloaded/,
    ],
  ])('is refuted by %s', (_, change, says, hint) => {
    expect(judged(loaded({ rules: [rule(change)] }))).toEqual([
      expect.objectContaining({ holds: 'no', says, hint: expect.stringMatching(hint) }),
    ]);
  });

  it('tells every difference, not only the first', () => {
    expect(judged(loaded({ rules: [rule({ forMs: 0, labels: {}, annotations: {} })] })).map(({ holds }) => holds)).toEqual([
      'no',
      'no',
      'no',
      'no',
    ]);
  });

  it('is fresh enough as long as three intervals and a little have not passed', () => {
    const evaluated = (ageMs: number) => loaded({ rules: [rule({ lastEvaluation: new Date(now - ageMs).toISOString() })] });
    expect(judged(evaluated(50_000))[0]?.holds).toBe('yes');
    expect(judged(evaluated(50_001))[0]?.holds).toBe('no');
  });

  it('cannot be told as long as Prometheus has not evaluated it', () => {
    expect(judged(loaded({ rules: [rule({ health: 'unknown' })] }))).toEqual([expect.objectContaining({ holds: 'unknown' })]);
  });
});

describe('a rule that is not there', () => {
  it('is refuted with the name that was probably meant', () => {
    const facts = loaded({ rules: [], names: ['HighErorRate', 'HighLatency'] });
    expect(judged(facts)).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: 'Prometheus has no alerting rule named HighErrorRate',
        hint: 'did you mean HighErorRate?',
      }),
    ]);
  });

  it('is refuted with all names when none is like it, or with the advice to load some', () => {
    expect(judged(loaded({ rules: [], names: ['Watchdog'] }))[0]?.hint).toContain('its alerting rules are Watchdog');
    expect(judged(loaded({ rules: [], names: [] }))[0]?.hint).toContain('it has no alerting rules at all');
  });
});

describe('several rules of one name', () => {
  it('are refuted, since nobody can tell which one counts', () => {
    const facts = loaded({ rules: [rule(), rule({ group: 'copy' })] });
    expect(judged(facts)).toEqual([
      expect.objectContaining({ holds: 'no', says: expect.stringContaining('Prometheus has 2 rules named HighErrorRate') }),
    ]);
  });

  it('are told apart by the required labels', () => {
    const facts = loaded({ rules: [rule({ labels: { severity: 'warning' }, forMs: 60_000 }), rule()] });
    expect(judged(facts)[0]?.holds).toBe('yes');
  });
});

describe('where nobody tells the Alertmanager, as behind a VictoriaMetrics, the rule', () => {
  const { alertmanagers: _, ...untold } = loaded();

  it('is unknown, with what to do about it', () => {
    const [finding, ...more] = judged(untold);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      holds: 'unknown',
      says: 'VictoriaMetrics does not tell which Alertmanager its vmalert sends alerts to',
      hint: expect.stringContaining('stack: { rules: { url: … } }') as string,
    });
  });

  it('is unknown too when no rule is shown at all: VictoriaMetrics runs none itself', () => {
    expect(judged({ ...untold, rules: [], names: [] })).toEqual([
      expect.objectContaining({ holds: 'unknown', says: expect.stringContaining('vmalert was not asked') as string }),
    ]);
    expect(judged({ ...untold, rules: [], names: ['Another'] })[0]?.holds).toBe('no');
    expect(judged(loaded({ rules: [], names: [] }))[0]?.holds).toBe('no');
  });

  it('is proven once its own alert was seen at the Alertmanager of the gate', () => {
    expect(judged(untold, required(), true)).toEqual([
      expect.objectContaining({ holds: 'yes', says: expect.stringMatching(/, its alert was seen at Alertmanager$/) as string }),
    ]);
  });
});

describe('a required expression', () => {
  const requirement = required({ expression: 'up==0' });

  it('may be spelt otherwise than the loaded one where the server has no spelling of its own', () => {
    const spelt = loaded({ rules: [rule({ query: 'sum(rate(x[300s]))by(job)>1' })] });
    expect(judged({ ...spelt, expression: 'sum by (job) (rate(x[5m])) > 1' }, requirement)[0]?.holds).toBe('yes');
    expect(judged({ ...spelt, expression: 'sum by (job) (rate(x[5m])) > 2' }, requirement)[0]?.holds).toBe('no');
  });

  it('cannot be compared where one of the two is not PromQL', () => {
    const extended = loaded({ rules: [rule({ query: '(x default 0) > 1' })], expression: 'x > 1' });
    expect(judged(extended, requirement)).toEqual([
      expect.objectContaining({ holds: 'unknown', says: expect.stringContaining('one of them is not PromQL') as string }),
    ]);
  });
  it('is compared in the spelling of the server', () => {
    expect(judged(loaded({ expression: rule().query }), requirement)[0]?.holds).toBe('yes');
    expect(judged(loaded({ expression: 'up == 0' }), requirement)).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: `the loaded rule asks \`${rule().query}\`, required is \`up == 0\``,
        hint: 'write: expr: up == 0',
      }),
    ]);
  });

  it('that the server cannot read is no proof of anything', () => {
    const expression = { trouble: { code: 'stack/unexpected-answer', says: 'parse error' } };
    expect(judged(loaded({ expression }), requirement)).toEqual([
      expect.objectContaining({ holds: 'unknown', says: 'the required expression cannot be compared: parse error' }),
    ]);
  });
});

describe('the way from Prometheus to Alertmanager', () => {
  it.each([
    ['nowhere', [], 'no'],
    ['another port of the same machine', ['http://127.0.0.1:9094/api/v2/alerts'], 'no'],
    ['a name that could be anything', ['http://alertmanager:9093/api/v2/alerts'], 'unknown'],
    ['two, one of them ours', ['http://other:9093/api/v2/alerts', 'http://[::1]:9093/api/v2/alerts'], 'yes'],
  ])('that leads to %s: %o', (_, alertmanagers, holds) => {
    expect(judged(loaded({ alertmanagers }))[0]?.holds).toBe(holds);
  });

  it('is shown by the alert that came along it, whatever the names are', () => {
    const facts = loaded({ alertmanagers: ['http://alertmanager:9093/api/v2/alerts'] });
    expect(judged(facts, required(), true)[0]?.holds).toBe('yes');
  });

  it('only has to be there when the gate names no Alertmanager', () => {
    const { alertmanager: _alertmanager, ...facts } = loaded();
    expect(judged(facts)[0]?.holds).toBe('yes');
    expect(judged({ ...facts, alertmanagers: [] })[0]?.holds).toBe('no');
  });
});
