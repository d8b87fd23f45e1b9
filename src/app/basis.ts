import { abortable } from '../base/abortable.ts';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Redactor } from '../base/redact.ts';
import { recordBasis, type RecordedBasis } from '../gate/basis.ts';
import type { Item } from '../gate/gate.ts';
import type { Proof } from '../gate/proof.ts';
import type { Wiring } from './wire.ts';

/** Reading takes a few questions: whoever does not answer them in this time cannot be read. */
const readWithinMs = 20_000;

export interface BasisReaderOptions {
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly read: Wiring['read'];
}

/** What an item rests on, or why that cannot be read. */
export interface BasisRead {
  readonly restsOn?: RecordedBasis;
  readonly says?: string;
}

export type BasisReader = (item: Item, signal: AbortSignal) => Promise<BasisRead>;

/** Reads what items rest on; rejects only when the signal aborts and for bugs of ours. */
export function basisReader({ proofs, clock, redactor, read }: BasisReaderOptions): BasisReader {
  return async (item, signal) => {
    const proof = proofs.get(item.proof);
    if (proof?.restsOn === undefined) return { says: `a ${item.proof} proof does not tell what it rests on` };
    const timeout = AbortSignal.timeout(readWithinMs);
    try {
      const own = { clock, grade: item.grade, signal: AbortSignal.any([signal, timeout]) };
      // Files take no signal, and one that is a pipe would never end.
      const found = await abortable(proof.restsOn(item.requirement, read(own)), own.signal);
      return { restsOn: recordBasis(found, redactor) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Fault) return { says: redactor.text(error.message) };
      if (timeout.aborted) return { says: `no answer within ${String(readWithinMs / 1000)} s` };
      throw error;
    }
  };
}
