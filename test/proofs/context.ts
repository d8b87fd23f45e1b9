import { systemClock } from '../../src/base/clock.ts';
import { Fault } from '../../src/base/fault.ts';
import type { ProofContext } from '../../src/gate/proof.ts';

function notHere(): never {
  throw new Fault('stack/not-configured', 'this test has no such part');
}

/** What a proof is given, with only those parts of the world that a test puts in. */
export function contextWith(parts: Partial<ProofContext> & Pick<ProofContext, 'grade'>): ProofContext {
  return {
    clock: systemClock,
    signal: new AbortController().signal,
    nonce: 'lp0123456789abcdef',
    prometheus: notHere,
    alertmanager: notHere,
    prometheuses: notHere,
    alertmanagers: notHere,
    boardServer: notHere,
    onCall: () => Promise.try(notHere),
    deadMan: notHere,
    boards: [],
    people: [],
    channel: () => Promise.try(notHere),
    runCheck: () => Promise.try(notHere),
    beforeSignal: () => Promise.resolve(),
    effects: { make: () => Promise.try(notHere) },
    keep: () => Promise.try(notHere),
    progress: () => undefined,
    ...parts,
  };
}
