import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { onDemand } from '../../src/check/check.ts';
import { runCheck } from '../../src/check/run.ts';
import type { Grade } from '../../src/gate/grade.ts';
import { verdictOf } from '../../src/gate/verdict.ts';
import http from '../../src/probes/http.ts';
import checkProof from '../../src/proofs/check.ts';
import { serveHttp } from '../probes/loopback.ts';
import { contextWith } from './context.ts';

/** Proves a check of a server that answers with these statuses in turn. */
async function prove(
  statuses: readonly number[],
  { grade = 'passed', times = 3, url = '' }: { grade?: Grade; times?: number; url?: string } = {},
) {
  let asked = 0;
  await using server = await serveHttp((_request, response) => response.writeHead(statuses[asked++] ?? 200).end('{}'));
  const options = http.options.parse({ steps: [{ url: url || server.url }] });
  const signal = new AbortController().signal;
  const keep = (): Promise<string> => Promise.resolve('');
  const check = { name: 'health', ...onDemand, ref: [], statement: 'is healthy', probe: 'http', timeoutMs: 5_000, options };
  const context = contextWith({ grade, runCheck: () => runCheck(check, http, { clock: systemClock, signal, keep }) });
  const requirement = checkProof.requirement.parse({ check: 'health', times });
  const facts = checkProof.facts.parse(JSON.parse(JSON.stringify(await checkProof.observe(requirement, context))));
  const findings = checkProof.judge(requirement, facts);
  return { asked, findings, facts, verdict: verdictOf(checkProof.ladder, grade, findings, 'item') };
}

describe('a check', () => {
  it('that passes is proven, with what it saw', async () => {
    const { verdict, asked, facts } = await prove([200]);
    expect(verdict).toMatchObject({ state: 'proven', grade: 'passed', subjects: [{ subject: 'health' }] });
    expect(asked).toBe(1);
    expect(facts).toMatchObject({
      grade: 'passed',
      runs: [{ outcome: { status: 'pass' }, observation: { steps: [{ answer: { status: 200 } }] } }],
    });
  });

  it('that fails is disproven in its own words', async () => {
    const { verdict } = await prove([503]);
    expect(verdict.state).toBe('disproven');
    expect(verdict.reasons[0]?.says).toMatch(/^failed: step 1 GET http:\S+: status 503, expected 2xx$/);
  });

  it('that cannot be run is inconclusive', async () => {
    const { verdict } = await prove([], { url: 'http://[::1' });
    expect(verdict).toMatchObject({ state: 'inconclusive', reasons: [{ says: expect.stringMatching(/^could not be run: /) }] });
  });

  it('is steady when it passes as often as asked for', async () => {
    const { verdict, asked } = await prove([200, 200, 200], { grade: 'steady' });
    expect(verdict).toMatchObject({ state: 'proven', grade: 'steady' });
    expect(asked).toBe(3);
  });

  it('is not steady when one of the runs fails, which is the last one made', async () => {
    const { verdict, asked } = await prove([200, 500], { grade: 'steady', times: 5 });
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'passed' });
    expect(verdict.reasons[0]?.says).toMatch(/^failed: run 2 of 5: step 1 GET/);
    expect(asked).toBe(2);
  });

  it('is not said to be able to fail', async () => {
    const { verdict } = await prove([200, 200, 200], { grade: 'shown-to-fail' });
    expect(verdict).toMatchObject({ state: 'inconclusive', grade: 'steady' });
    expect(verdict.reasons[0]?.says).toBe('its target was not broken on purpose, so nobody knows that it can fail');
  });
});

describe('the judge', () => {
  const run = { startedAt: '2026-02-01T12:00:00.000Z', durationMs: 3, outcome: { status: 'pass' as const, reasons: [] } };
  const requirement = checkProof.requirement.parse({ check: 'health' });

  it('takes fewer passes than asked for as unknown', () => {
    expect(checkProof.judge(requirement, { grade: 'steady', runs: [run, run] })).toContainEqual(
      expect.objectContaining({ grade: 'steady', holds: 'unknown', says: 'passed 2 times in a row, 3 are required' }),
    );
  });

  it('takes a later run that could not be made as unknown', () => {
    const error = { ...run, outcome: { status: 'error' as const, reasons: ['no Chromium'] } };
    expect(checkProof.judge(requirement, { grade: 'steady', runs: [run, error] })).toContainEqual(
      expect.objectContaining({ grade: 'steady', holds: 'unknown', says: 'could not be run: run 2 of 3: no Chromium' }),
    );
  });

  it('takes no run as unknown', () => {
    expect(checkProof.judge(requirement, { grade: 'steady', runs: [] })).toEqual([
      { subject: 'health', grade: 'passed', holds: 'unknown', says: 'it was not run' },
    ]);
  });
});
