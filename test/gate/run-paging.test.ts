import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Channel } from '../../src/alert/channel.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { systemClock } from '../../src/base/clock.ts';
import { orTrouble } from '../../src/base/trouble.ts';
import { findingsOn } from '../../src/gate/finding.ts';
import { ladders } from '../../src/gate/grade.ts';
import { openJournal } from '../../src/gate/journal.ts';
import { defineProof, type Proof, type ProofContext } from '../../src/gate/proof.ts';
import { judgeRecord } from '../../src/gate/verdict.ts';
import { runGate, type ItemResult } from '../../src/gate/run.ts';
import type { Touch } from '../../src/gate/touch.ts';
import { contextWith } from '../proofs/context.ts';
import { observationRecord } from '../../src/gate/observation.ts';
import { gateOf } from './gate-of.ts';

const phone = { name: 'phone', wakes: 'holder', to: '+15550001111', integrations: ['webhook'], addresses: [] } as const;
const room = { name: 'room', wakes: 'nobody', to: 'Slack channel C1', integrations: ['slack'], addresses: [] } as const;
const world = { ways: [phone, room], leads: new Map() };

const message = (channel: string): Touch => ({ does: 'test-message', says: 'a message', channels: [channel] });

/** Sends on the channel that it is told when its turn comes, whatever it has said before. */
function proofThat(touches: Proof['touches'], observe: (context: ProofContext) => Promise<string>): Proof {
  return defineProof({
    kind: 'sends',
    summary: 'It sends something',
    ladder: ladders.check,
    defaultGrade: 'passed',
    requirement: z.strictObject({}),
    facts: z.string(),
    observe: (_, context) => observe(context),
    judge: (_, says) => [findingsOn('it', 'passed').yes(says)],
    ...(touches === undefined ? {} : { touches }),
  });
}

interface Ran {
  readonly result: ItemResult | undefined;
  readonly sent: readonly string[];
  readonly record: unknown;
}

async function run(proof: Proof, paging: Parameters<typeof runGate>[0]['paging'] = world): Promise<Ran> {
  const sent: string[] = [];
  const files = new Map<string, string>();
  const item = {
    id: 'it',
    ref: [],
    statement: 'it',
    proof: 'sends',
    grade: 'passed',
    needs: [],
    timeoutMs: 5_000,
    requirement: {},
  } as const;
  const channel = (name: string): Channel => ({
    name,
    kind: 'test',
    readBackEveryMs: 1,
    readBack: () => Promise.resolve([]),
    send: () => {
      sent.push(name);
      return Promise.resolve({ accepted: true, answer: 'ok', at: new Date().toISOString() });
    },
    close: () => Promise.resolve(),
  });
  const put = (bytes: Uint8Array | string): Promise<string> => {
    files.set(String(files.size), Buffer.from(bytes).toString());
    return Promise.resolve(String(files.size - 1));
  };
  const { items } = await runGate({
    gate: gateOf({
      items: [item],
    }),
    proofs: new Map([['sends', proof]]),
    clock: systemClock,
    signal: new AbortController().signal,
    redactor: createRedactor([]),
    evidence: { put, get: () => Promise.resolve(new Uint8Array()) },
    journal: openJournal(() => undefined),
    paging,
    connect: (own) => ({ ...contextWith(own), channel: (name) => Promise.resolve(channel(name)) }),
    tell: () => undefined,
  });
  return { result: items[0], sent, record: JSON.parse(files.get('0') ?? 'null') };
}

const sendOn =
  (name: string) =>
  async (context: ProofContext): Promise<string> => {
    const sent = await orTrouble(
      context.signal,
      async () => await (await context.channel(name)).send({ nonce: 'n', subject: 's', text: 't' }, context.signal),
    );
    return 'trouble' in sent ? sent.trouble.says : 'sent';
  };

describe('without consent to paging', () => {
  it('an item that says it would wake somebody is not observed, and a verifier comes to the same from the record', async () => {
    const proof = proofThat(() => Promise.resolve([message('phone'), message('room')]), sendOn('room'));
    const { result, sent, record } = await run(proof);
    expect(sent).toEqual([]);
    expect(result?.verdict).toMatchObject({
      state: 'inconclusive',
      reasons: [
        { says: 'not run: it would wake whoever answers +15550001111 (phone)', hint: expect.stringContaining('--allow-paging') as unknown },
      ],
    });
    expect(judgeRecord(proof, { id: 'it', grade: 'passed', requirement: {} }, observationRecord.parse(record))).toEqual(result?.verdict);
  });

  it('an item that wakes nobody is proven', async () => {
    const { result, sent } = await run(proofThat(() => Promise.resolve([message('room')]), sendOn('room')));
    expect([result?.verdict.state, sent]).toEqual(['proven', ['room']]);
  });

  it('what has begun to wake people since is refused right before the signal', async () => {
    let channel = 'room';
    const touches = (): Promise<readonly Touch[]> => Promise.resolve([message(channel)]);
    const proof = proofThat(touches, async (context) => {
      channel = 'phone';
      const refused = await orTrouble(context.signal, async () => await context.beforeSignal(touches));
      return refused === undefined ? 'nothing was refused' : refused.trouble.says;
    });
    expect((await run(proof)).result?.verdict.reasons[0]?.says).toBe('not run: it would wake whoever answers +15550001111 (phone)');
  });

  it('a channel that wakes people sends nothing, even for a proof that did not say so', async () => {
    const { result, sent } = await run(proofThat(undefined, sendOn('phone')));
    expect([result?.verdict.reasons[0]?.says, sent]).toEqual(['nothing is sent on phone: it wakes people', []]);
  });
});

it('with consent everything is sent, and nobody is asked where it leads', async () => {
  const touches = (): Promise<readonly Touch[]> => Promise.reject(new Error('asked'));
  const { result, sent } = await run(proofThat(touches, sendOn('phone')), 'allowed');
  expect([result?.verdict.state, sent]).toEqual(['proven', ['phone']]);
});
