import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { onDemand } from '../../../src/check/check.ts';
import { runCheck } from '../../../src/check/run.ts';
import { openJournal, type EffectEvent } from '../../../src/gate/journal.ts';
import { verdictOf } from '../../../src/gate/verdict.ts';
import http from '../../../src/probes/http.ts';
import checkProof from '../../../src/proofs/check.ts';
import { serveHttp } from '../../probes/loopback.ts';
import { contextWith } from '../context.ts';

interface Behaviour {
  /** What the target answers while the fault is there, in turn; the last one goes on. */
  readonly whileBroken?: readonly number[];
  /** What is answered to whoever makes the fault. */
  readonly faultAnswer?: number;
  readonly undoMends?: boolean;
  /** Path of the fault; one without a server when it cannot be made. */
  readonly faultUrl?: string;
  readonly signal?: AbortSignal;
  readonly onBroken?: () => void;
}

/** Proves a check of a real server that can be broken by one request and mended by another. */
async function prove({ whileBroken = [503], faultAnswer = 204, undoMends = true, faultUrl, signal, onBroken }: Behaviour = {}) {
  let isBroken = false;
  let looks = 0;
  await using server = await serveHttp((request, response) => {
    if (request.url !== '/fault') {
      const status = isBroken ? (whileBroken[Math.min(looks++, whileBroken.length - 1)] ?? 503) : 200;
      if (isBroken) onBroken?.();
      response.writeHead(status).end('{}');
    } else if (request.method === 'DELETE') {
      if (undoMends) isBroken = false;
      response.writeHead(204).end();
    } else {
      isBroken = faultAnswer < 400;
      response.writeHead(faultAnswer).end(faultAnswer < 400 ? '' : 'faults are off');
    }
  });
  const forever = signal ?? new AbortController().signal;
  const url = faultUrl ?? `${server.url}/fault`;
  const requirement = checkProof.requirement.parse({
    check: 'health',
    times: 2,
    fault: {
      says: 'the database is away',
      inject: { url },
      undo: { method: 'DELETE', url },
      lasts: '1m',
      failsWithin: '2s',
      recoversWithin: '2s',
    },
  });
  const check = {
    ...onDemand,
    name: 'health',
    ref: [],
    statement: 'is healthy',
    probe: 'http',
    timeoutMs: 5_000,
    options: http.options.parse({ steps: [{ url: server.url }] }),
  };
  const keep = (): Promise<string> => Promise.resolve('');
  const effects: EffectEvent[] = [];
  const journal = openJournal((event) => effects.push(event));
  const context = contextWith({
    grade: 'shown-to-fail',
    signal: forever,
    effects: journal,
    runCheck: () => runCheck(check, http, { clock: systemClock, signal: forever, keep }),
  });
  try {
    const facts = checkProof.facts.parse(JSON.parse(JSON.stringify(await checkProof.observe(requirement, context))));
    await journal.undoAll();
    const findings = checkProof.judge(requirement, facts);
    const { state, grade } = verdictOf(checkProof.ladder, 'shown-to-fail', findings, 'item');
    return { state, grade, says: findings.at(-1)?.says ?? '', effects: effects.map(({ type }) => type), isBroken };
  } catch (error) {
    await journal.undoAll();
    return { error, effects: effects.map(({ type }) => type), isBroken };
  }
}

describe('breaking the target of a check', () => {
  it('shows that the check can fail, and mends the target', async () => {
    const { state, says, effects, isBroken } = await prove();
    expect({ state, effects, isBroken }).toEqual({ state: 'proven', effects: ['effect-made', 'effect-undone'], isBroken: false });
    expect(says).toMatch(
      /^when the database is away, it failed after .* \(step 1 GET http:\S+: status 503, expected 2xx\), and it passed again/,
    );
  });

  it('waits for a check that does not fail at once', async () => {
    expect(await prove({ whileBroken: [200, 200, 503] })).toMatchObject({ state: 'proven' });
  });

  it('refuses a check that does not notice', async () => {
    const { state, grade, says } = await prove({ whileBroken: [200] });
    expect({ state, grade }).toEqual({ state: 'disproven', grade: 'steady' });
    expect(says).toMatch(/^when the database is away, it went on passing, \d+ times in [\d.]+ s: it does not notice$/);
  });

  it('refuses a target that stays broken after the undo', async () => {
    const { state, says } = await prove({ undoMends: false });
    expect(state).toBe('disproven');
    expect(says).toMatch(/^it still fails [\d.]+ s after it was undone that the database is away/);
  });

  it('proves nothing when the fault is refused, and undoes it all the same', async () => {
    const { state, grade, says, effects } = await prove({ faultAnswer: 403 });
    expect({ state, grade, effects }).toEqual({ state: 'inconclusive', grade: 'steady', effects: ['effect-made', 'effect-undone'] });
    expect(says).toContain('answered HTTP 403: faults are off');
  });

  it('proves nothing when nobody makes the fault', async () => {
    const { state, grade, says } = await prove({ faultUrl: 'http://127.0.0.1:1/fault' });
    expect({ state, grade }).toEqual({ state: 'inconclusive', grade: 'steady' });
    expect(says).toMatch(/^the fault could not be made: POST http:\/\/127\.0\.0\.1:1\/fault got no answer/);
  });

  it('is mended when the run is stopped meanwhile', async () => {
    const stop = new AbortController();
    const reason = new Error('somebody pressed Ctrl-C');
    const ended = await prove({ whileBroken: [200], signal: stop.signal, onBroken: () => stop.abort(reason) });
    expect(ended).toEqual({ error: reason, effects: ['effect-made', 'effect-undone'], isBroken: false });
  });
});
