import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import { sha256 } from '../../src/base/digest.ts';
import { Fault } from '../../src/base/fault.ts';
import { createRedactor } from '../../src/base/redact.ts';
import type { Evidence } from '../../src/gate/evidence.ts';
import { findingsOn } from '../../src/gate/finding.ts';
import type { Gate, Item } from '../../src/gate/gate.ts';
import { ladders } from '../../src/gate/grade.ts';
import { openJournal } from '../../src/gate/journal.ts';
import { defineProof, type Proof, type ProofContext } from '../../src/gate/proof.ts';
import { runGate, type GateEvent } from '../../src/gate/run.ts';
import { gateOf } from './gate-of.ts';

const facts = z.strictObject({ says: z.string() });

/** A proof that is green when its facts say "good". */
function proofThat(observe: (context: ProofContext) => Promise<{ says: string }>): Proof {
  return defineProof({
    kind: 'says',
    summary: 'It says something good',
    ladder: ladders.check,
    defaultGrade: 'passed',
    requirement: z.strictObject({ password: z.string().optional() }),
    facts,
    observe: (_requirement, context) => observe(context),
    judge: (_requirement, seen) => [
      seen.says.startsWith('good') ? findingsOn('it', 'passed').yes(seen.says) : findingsOn('it', 'passed').no(seen.says),
    ],
  });
}

function itemNamed(id: string, needs: readonly string[] = [], requirement = {}): Item {
  return { id, ref: [], statement: `${id} works`, proof: 'says', grade: 'passed', needs, timeoutMs: 5_000, requirement };
}

function gateWith(...items: readonly Item[]): Gate {
  return gateOf({ items });
}

function memoryEvidence(): Evidence & { readonly files: Map<string, string> } {
  const files = new Map<string, string>();
  return {
    files,
    put: (bytes) => {
      files.set(sha256(bytes), Buffer.from(bytes).toString());
      return Promise.resolve(sha256(bytes));
    },
    get: (name) => Promise.resolve(Buffer.from(files.get(name) ?? '')),
  };
}

const nothing = (): never => {
  throw new Fault('stack/not-configured', 'not here');
};

async function run(
  gate: Gate,
  proof: Proof,
  signal = new AbortController().signal,
  secrets: readonly string[] = [],
  only?: ReadonlySet<string>,
) {
  const events: GateEvent[] = [];
  const evidence = memoryEvidence();
  const tell = (event: GateEvent): void => void events.push(event);
  const result = await runGate({
    gate,
    proofs: new Map([
      ['says', proof],
      ['alone', { ...proof, kind: 'alone', alone: true }],
    ]),
    clock: systemClock,
    signal,
    redactor: createRedactor(secrets),
    evidence,
    journal: openJournal(tell),
    paging: 'allowed',
    connect: (own) => ({
      ...own,
      prometheus: nothing,
      alertmanager: nothing,
      prometheuses: nothing,
      alertmanagers: nothing,
      boardServer: nothing,
      onCall: nothing,
      deadMan: nothing,
      channel: nothing,
      runCheck: nothing,
      boards: [],
      people: [],
    }),
    only,
    tell,
  });
  return {
    result,
    events,
    files: evidence.files,
    states: Object.fromEntries(result.items.map(({ item, verdict }) => [item.id, verdict.state])),
  };
}

const good = proofThat(() => Promise.resolve({ says: 'good' }));

describe('runGate', () => {
  it('stores each observation under its digest and judges what it stored', async () => {
    const { result, files } = await run(gateWith(itemNamed('a')), good);
    const name = result.items[0]?.evidence[0] ?? '';
    expect(JSON.parse(files.get(name) ?? '')).toMatchObject({ item: 'a', proof: 'says', facts: { says: 'good' } });
  });

  it('blocks what rests on an unproven item, and only that', async () => {
    let seen = 0;
    const firstFails = proofThat(() => Promise.resolve({ says: seen++ === 0 ? 'bad' : 'good' }));
    const { states } = await run(
      gateWith(itemNamed('first'), itemNamed('second', ['first']), itemNamed('third', ['second']), itemNamed('apart')),
      firstFails,
    );
    expect(states).toEqual({ first: 'disproven', second: 'blocked', third: 'blocked', apart: 'proven' });
  });

  it('tries only what it is told to, and knows nothing of the rest', async () => {
    const { states, result, events } = await run(gateWith(itemNamed('a'), itemNamed('b')), good, undefined, [], new Set(['a']));
    expect(states).toEqual({ a: 'proven', b: 'inconclusive' });
    expect(result.items[1]?.verdict.reasons[0]?.says).toBe('left out of this run');
    expect(result.items[1]?.evidence).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'item-started')).toHaveLength(1);
  });

  it('runs an item that must be alone when nothing else runs, after all others', async () => {
    const alone = { ...itemNamed('alone'), proof: 'alone' };
    const { events } = await run(gateWith(alone, itemNamed('a'), itemNamed('b', ['a'])), good);
    const steps = events.flatMap((event) => {
      if (event.type === 'item-started') return [`${event.item.id} begins`];
      return event.type === 'item-finished' ? [`${event.result.item.id} ends`] : [];
    });
    expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'alone begins', 'alone ends']);
  });

  it('runs independent items side by side', async () => {
    // Each waits for the other to have begun: one after the other this would never end.
    const begun = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let count = 0;
    const meeting = proofThat(async () => {
      const mine = count++;
      begun[mine]?.resolve(undefined);
      await begun[1 - mine]?.promise;
      return { says: 'good' };
    });
    const { states } = await run(gateWith(itemNamed('a'), itemNamed('b')), meeting);
    expect(states).toEqual({ a: 'proven', b: 'proven' });
  });

  it('turns a fault into an inconclusive item with the place it stands at', async () => {
    const place = { file: 'gate.yaml', line: 3, column: 5, length: 4, source: '  prometheus:' };
    const broken = proofThat(() =>
      Promise.reject(new Fault('stack/unreachable', 'Prometheus cannot be reached', { place, hint: 'start it' })),
    );
    const { result } = await run(gateWith(itemNamed('a')), broken);
    expect(result.items[0]?.verdict).toMatchObject({
      state: 'inconclusive',
      reasons: [{ says: 'Prometheus cannot be reached (named at gate.yaml:3:5)', hint: 'start it' }],
    });
  });

  it('ends an item that takes longer than its time, as inconclusive', async () => {
    const endless = proofThat(async ({ clock, signal }) => {
      await clock.sleep(60_000, signal);
      return { says: 'good' };
    });
    const { result } = await run(gateWith({ ...itemNamed('a'), timeoutMs: 20 }), endless);
    expect(result.items[0]?.verdict.reasons[0]?.says).toBe('not finished within its time of 0.02 s');
  });

  it('lets a bug of ours through instead of calling it a verdict', async () => {
    const buggy = proofThat(() => Promise.reject(new TypeError('undefined is not a function')));
    await expect(run(gateWith(itemNamed('a')), buggy)).rejects.toThrow(TypeError);
  });

  it('stores no secret, neither from the facts nor from the requirement', async () => {
    const leaky = proofThat(() => Promise.resolve({ says: 'good, the password is hunter2hunter2' }));
    const { result, files } = await run(gateWith(itemNamed('a', [], { password: 'hunter2hunter2' })), leaky, undefined, ['hunter2hunter2']);
    expect([...files.values()].join()).not.toContain('hunter2');
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(result.items[0]?.verdict.state).toBe('proven');
  });

  it('stops on abort and undoes what was made', async () => {
    const stop = new AbortController();
    const stuck = proofThat(async ({ clock, signal, effects }) => {
      const undo = { method: 'DELETE', url: 'http://127.0.0.1:9/nobody-listens' };
      await effects.make({ says: 'a fault is made', expiresInMs: 1_000, undo }, () => Promise.resolve());
      stop.abort(new Error('Ctrl-C'));
      await clock.sleep(60_000, signal);
      return { says: 'good' };
    });
    await expect(run(gateWith(itemNamed('a')), stuck, stop.signal)).rejects.toThrow('Ctrl-C');
  });
});
