import { describe, expect, it } from 'vitest';
import type { Untried } from '../../src/report/verify/untried.ts';
import { checkPolicy } from '../../src/report/verify/policy.ts';
import type { Approval } from '../../src/report/approval.ts';
import type { ApprovalsPolicy, Policy } from '../../src/report/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { alan, gateKey, grace, strict } from './approved.ts';
import { healthy, now, p256, proofs, sampleReport, sampleRun, type Pair } from './sample.ts';

const items = healthy.map((item, index) => ({ ...item, item: { severity: index === 0 ? 'critical' : 'warning' } }));
const good = sampleReport(sampleRun(items), { keyId: gateKey.signing.keyId });
const minuteMs = 60_000;

const approvalBy = ({ signing }: Pair, name: string, ageMs = minuteMs): Approval => ({
  file: 'approval',
  keyId: signing.keyId,
  name,
  at: new Date(now.getTime() - ageMs).toISOString(),
});
const both = [approvalBy(grace, 'Grace Hopper'), approvalBy(alan, 'Alan Turing')];

interface Given {
  readonly report?: Report;
  readonly approvals?: readonly Approval[];
  readonly untried?: readonly Untried[];
}

/** The lines of one check: `no: …` */
function lines(check: string, policy: Partial<Policy>, { report = good, approvals = both, untried = [] }: Given = {}): readonly string[] {
  const checks = checkPolicy({ ...strict, ...policy }, { report, approvals, untried, proofs, now });
  return checks.filter((each) => each.check === check).map(({ holds, says }) => `${holds}: ${says}`);
}

/** The good report with the item `hall` changed. */
function withHall(change: Partial<Report['items'][number]>): Report {
  return { ...good, items: good.items.map((item) => (item.id === 'hall' ? { ...item, ...change } : item)) };
}

describe('a policy', () => {
  it('is kept by what it asks for, in every line', () => {
    const policy: Policy = {
      ...strict,
      grades: [{ severity: 'critical', proof: 'lamps', grade: 'passed' }],
      items: [{ id: 'stairs' }],
      waivers: 'refused',
    };
    const checks = checkPolicy(policy, { report: good, approvals: both, untried: [], proofs, now });
    expect(checks.map(({ check, holds }) => `${check} ${holds}`)).toEqual([
      'policy-gate yes',
      'policy-environment yes',
      'policy-key yes',
      'policy-age yes',
      'policy-approvals yes',
      'policy-grades yes',
      'policy-items yes',
      'policy-waivers yes',
      'policy-whole yes',
    ]);
  });

  it('says nothing of what it does not ask for', () => {
    const checks = checkPolicy(
      { ...strict, maxAgeMs: undefined, approvals: undefined },
      { report: good, approvals: [], untried: [], proofs, now },
    );
    expect(checks.map(({ check }) => check)).toEqual(['policy-gate', 'policy-environment', 'policy-key', 'policy-waivers', 'policy-whole']);
  });

  it('accepts one gate and one environment only', () => {
    expect(lines('policy-gate', { gate: 'doors' })).toEqual(['no: the report is of the gate "lamps", and the policy asks for "doors"']);
    expect(lines('policy-environment', { environment: 'production' })).toEqual([
      'no: the report is of the environment "none", and the policy asks for "production"',
    ]);
  });

  it('accepts the gate keys that it names, and no report without one', () => {
    const other = p256();
    expect(lines('policy-key', { keys: [other.verifying, gateKey.verifying] })).toEqual([
      `yes: key ${gateKey.signing.keyId} is trusted to run the gate`,
    ]);
    expect(lines('policy-key', { keys: [other.verifying] })[0]).toContain(
      `no: key ${gateKey.signing.keyId} signed the report, and is none that`,
    );
    const unsigned = { ...good, signature: undefined };
    expect(lines('policy-key', {}, { report: unsigned })[0]).toContain('no: the report does not say that it was signed');
  });

  it('limits the age of the evidence, of what was carried over too', () => {
    expect(lines('policy-age', { maxAgeMs: 2 * minuteMs })).toEqual(['no: its oldest evidence is 2m29s old, and the policy allows 2m']);
    expect(lines('policy-age', { maxAgeMs: 3 * minuteMs })).toEqual(['yes: its oldest evidence is 2m29s old, and the policy allows 3m']);
    const carried = withHall({ carriedFrom: '2026-03-01T08:00:00.000Z', finishedAt: '2026-03-01T08:05:00.000Z' });
    expect(lines('policy-age', {}, { report: carried })[0]).toBe('yes: its oldest evidence is 1h old, and the policy allows 1h');
    expect(lines('policy-age', { maxAgeMs: 59 * minuteMs }, { report: carried })[0]).toContain('no: ');
  });
});

describe('approvals', () => {
  const asked = (change: Partial<ApprovalsPolicy>): Partial<Policy> => ({ approvals: { ...strict.approvals!, ...change } });
  const count = (approvals: readonly Approval[], change: Partial<ApprovalsPolicy> = {}): string =>
    lines('policy-approvals', asked(change), { approvals }).join('\n');

  it('are enough when as many people as asked for have given one', () => {
    expect(count(both)).toBe(`yes: 2 of 2 approvals, Grace Hopper at ${both[0]?.at ?? ''}, Alan Turing at ${both[1]?.at ?? ''}`);
    expect(count(both.slice(1))).toBe(`no: 1 of 2 approvals, Alan Turing at ${both[1]?.at ?? ''}`);
    expect(count([])).toBe('no: 0 of 2 approvals');
    expect(count(both.slice(1), { atLeast: 1 })).toContain('yes: 1 of 1 approval');
  });

  it('count once for each person, whatever the number of their keys', () => {
    const second = p256();
    const from = [...strict.approvals!.from.slice(0, 1), { name: 'Grace Hopper', keyId: second.signing.keyId }];
    expect(count([approvalBy(grace, 'Grace Hopper'), approvalBy(second, 'Grace Hopper')], { from })).toContain('no: 1 of 2 approvals');
    expect(count([approvalBy(grace, 'Grace Hopper'), approvalBy(grace, 'Somebody else')])).toContain('no: 1 of 2 approvals');
  });

  it('go by the key and not by the name that stands in them', () => {
    const stranger = p256();
    expect(count([approvalBy(stranger, 'Grace Hopper'), approvalBy(alan, 'Alan Turing')])).toContain(
      `; "Grace Hopper" does not count: key ${stranger.signing.keyId} is none of the policy's approvers`,
    );
    expect(count([approvalBy(grace, 'gh'), approvalBy(alan, 'Alan Turing')])).toContain(
      'yes: 2 of 2 approvals, Grace Hopper (signed as "gh") at',
    );
  });

  it('expire', () => {
    const old = approvalBy(grace, 'Grace Hopper', 61 * minuteMs);
    expect(count([old, approvalBy(alan, 'Alan Turing')])).toContain(
      `"Grace Hopper" does not count: it has expired: it is from ${old.at}, 1h1m ago, and 1h are allowed`,
    );
    expect(count([old, approvalBy(alan, 'Alan Turing')], { maxAgeMs: undefined })).toContain('yes: 2 of 2');
  });

  it('by a key that runs the gate count only where the policy says so', () => {
    const from = [...strict.approvals!.from, { name: 'The pipeline', keyId: gateKey.signing.keyId }];
    const given = [approvalBy(grace, 'Grace Hopper'), approvalBy(gateKey, 'The pipeline')];
    expect(count(given, { from })).toContain(
      `no: 1 of 2 approvals, Grace Hopper at ${given[0]?.at ?? ''}; "The pipeline" does not count: key ${gateKey.signing.keyId} runs the gate`,
    );
    expect(count(given, { from, gateMayApprove: true })).toContain('yes: 2 of 2 approvals');
    const otherGate = p256();
    const keys = [gateKey.verifying, otherGate.verifying];
    const fromOther = [...strict.approvals!.from, { name: 'The other pipeline', keyId: otherGate.signing.keyId }];
    const byOther = [approvalBy(grace, 'Grace Hopper'), approvalBy(otherGate, 'The other pipeline')];
    expect(lines('policy-approvals', { keys, ...asked({ from: fromOther }) }, { approvals: byOther })[0]).toContain('no: 1 of 2');
  });
});

describe('grades', () => {
  const critical = (grade: string): Partial<Policy> => ({ grades: [{ severity: 'critical', proof: 'lamps', grade }] });

  it('are asked of every item of a severity and proof', () => {
    expect(lines('policy-grades', critical('passed'))).toEqual(['yes: 1 item of critical proven as far as the policy asks']);
    expect(lines('policy-grades', critical('steady'))).toEqual([
      'no: item "hall" was proven up to "passed": the policy asks for "steady" of severity critical',
    ]);
    expect(lines('policy-grades', critical('steady'), { report: withHall({ grade: 'shown-to-fail' }) })[0]).toContain('yes: ');
  });

  it('are not reached by what is not proven', () => {
    expect(lines('policy-grades', critical('passed'), { report: withHall({ state: 'disproven' }) })).toEqual([
      'no: item "hall" is disproven: the policy asks for "passed" of severity critical',
    ]);
  });

  it('asked of nothing are refused: the items may have lost their severity', () => {
    expect(lines('policy-grades', critical('passed'), { report: withHall({ severity: 'low' }) })).toEqual([
      'no: the policy asks for "passed" of critical lamps items, and the report has none',
    ]);
    expect(lines('policy-grades', { grades: [{ severity: 'critical', proof: 'alert', grade: 'delivered' }] })).toEqual([
      'no: the policy asks for "delivered" of critical alert items, and the report has none',
    ]);
  });

  it('are asked of single items too, which must be there', () => {
    expect(lines('policy-items', { items: [{ id: 'hall' }, { id: 'stairs', grade: 'passed' }] })).toEqual([
      'yes: hall, stairs proven as far as the policy asks',
    ]);
    expect(lines('policy-items', { items: [{ id: 'stairs', grade: 'steady' }, { id: 'roof' }] })).toEqual([
      'no: item "stairs" was proven up to "passed": the policy asks for "steady" by its name',
      'no: the policy asks for an item "roof", and the report has none',
    ]);
    expect(lines('policy-items', { items: [{ id: 'hall', grade: 'delivered' }] })).toEqual([
      'no: item "hall": the policy asks for "delivered" by its name, which a lamps proof cannot reach',
    ]);
    expect(lines('policy-items', { items: [{ id: 'hall' }] }, { report: withHall({ state: 'inconclusive' }) })[0]).toContain('no: ');
  });
});

describe('waivers', () => {
  const waived = { report: withHall({ state: 'waived', grade: 'declared' }) };

  it('are accepted only where the policy allows them', () => {
    expect(lines('policy-waivers', {}, waived)).toEqual(['no: item "hall" is waived, and the policy allows no waivers']);
    expect(lines('policy-waivers', { waivers: 'allowed' }, waived)).toEqual(['yes: hall waived, which the policy allows']);
    expect(lines('policy-waivers', { waivers: { severities: ['critical'] } }, waived)[0]).toContain('yes: ');
    expect(lines('policy-waivers', { waivers: { severities: ['warning'] } }, waived)).toEqual([
      'no: item "hall" is waived, and the policy allows waivers of severity warning only, not of critical',
    ]);
    const unnamed = { report: withHall({ state: 'waived', severity: undefined }) };
    expect(lines('policy-waivers', { waivers: { severities: ['warning'] } }, unnamed)[0]).toContain('only, not of items without one');
    expect(lines('policy-waivers', {})).toEqual(['yes: nothing is waived']);
  });

  it('stand in for a grade where they are allowed, and are refused once where they are not', () => {
    const policy: Partial<Policy> = {
      grades: [{ severity: 'critical', proof: 'lamps', grade: 'steady' }],
      items: [{ id: 'hall', grade: 'steady' }],
    };
    expect(lines('policy-grades', policy, waived)).toEqual(['yes: 0 items (and 1 waived) of critical proven as far as the policy asks']);
    expect(lines('policy-items', policy, waived)).toEqual(['yes: hall (waived) proven as far as the policy asks']);
  });
});

describe('what nobody tried', () => {
  it('is refused, waived or not', () => {
    expect(
      lines(
        'policy-whole',
        { waivers: 'allowed' },
        { report: withHall({ state: 'waived' }), untried: [{ id: 'hall', because: 'was left out of the run with --only' }] },
      ),
    ).toEqual(['no: item "hall" was left out of the run with --only: the policy asks for the whole gate']);
    expect(lines('policy-whole', {})).toEqual(['yes: all 2 items were tried']);
    const carried = withHall({ carriedFrom: '2026-03-01T08:00:00.000Z' });
    expect(lines('policy-whole', {}, { report: carried })).toEqual(['yes: all 2 items were tried, 1 of them in an earlier run']);
  });
});
