import { z } from 'zod';
import { ranOutOfTime } from '../base/abortable.ts';
import { networkFailureOf, tellingOf } from '../base/network-failure.ts';
import { shortened } from '../base/shortened.ts';
import { phase, whenIn, type Phase } from './phase.ts';

/** What a server says of itself may be of any length. */
const longestWords = 500;

/**
 * Why an exchange did not come to its end. `ours` stands for what says nothing about the target: no route from here, a resolver that is
 * busy, no file handles left.
 */
export const trouble = z.strictObject({
  kind: z.enum([
    'refused',
    'closed',
    'timed-out',
    'name-not-found',
    'tls',
    'protocol',
    'unreachable',
    'too-much',
    'denied',
    'failed',
    'ours',
  ]),
  during: phase.optional(),
  says: z.string(),
});
export type Trouble = Readonly<z.infer<typeof trouble>>;

/** Thrown where our own reading of a protocol finds that the exchange cannot go on. */
export class ExchangeError extends Error {
  readonly kind: Trouble['kind'];

  constructor(kind: Trouble['kind'], says: string) {
    super(says);
    this.kind = kind;
  }
}

const words: Readonly<Record<Trouble['kind'], string>> = {
  refused: 'connection refused',
  closed: 'the connection was closed',
  'timed-out': 'timed out',
  'name-not-found': 'the host name does not exist',
  tls: 'no TLS connection',
  protocol: 'the answer makes no sense',
  unreachable: 'the host cannot be reached',
  'too-much': 'too much was sent',
  denied: 'denied',
  failed: 'the server failed',
  ours: 'could not be asked from here',
};

/** Sorts what ended an exchange. Throws it again when it is no trouble of the target: somebody stops the run, a Fault, a bug of ours. */
export function troubleOf(thrown: unknown, signal: AbortSignal, during?: Phase): Trouble {
  if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
  const when = during === undefined ? {} : { during };
  if (signal.aborted) return { kind: 'timed-out', ...when, says: 'the time of the check was up' };
  const error = tellingOf(thrown);
  if (error instanceof ExchangeError) return { kind: error.kind, ...when, says: shortened(error.message, longestWords) };
  const kind = networkFailureOf(error);
  if (kind === undefined) throw thrown;
  return { kind, ...when, says: shortened((error as Error).message.replace(/\s+/g, ' ').trim(), longestWords) };
}

/** The outcome of an exchange that did not come to its end. */
export function judgeTrouble({ kind, during, says }: Trouble): { status: 'fail' | 'error'; reasons: string[] } {
  const needsPlace =
    during !== undefined && (during === 'trigger' || ['closed', 'timed-out', 'protocol', 'too-much', 'denied', 'failed'].includes(kind));
  const reason = `${words[kind]}${needsPlace ? ` ${whenIn[during]}` : ''} (${says})`;
  return { status: kind === 'ours' ? 'error' : 'fail', reasons: [reason] };
}
