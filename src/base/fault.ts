/** Every expected fault has one of these codes; scripts may match on them, so a code is never renamed. */
export type FaultCode =
  | 'usage/bad-argument'
  | 'config/not-found'
  | 'config/invalid-yaml'
  | 'config/unknown-key'
  | 'config/missing-key'
  | 'config/wrong-type'
  | 'config/bad-value'
  | 'config/unknown-kind'
  | 'config/missing-variable'
  | 'config/duplicate-id'
  | 'config/unknown-reference'
  | 'config/cycle'
  | 'stack/unreachable'
  | 'stack/unauthorized'
  | 'stack/unexpected-answer'
  | 'stack/not-configured'
  | 'tool/missing'
  | 'tool/failed'
  | 'channel/unreachable'
  | 'channel/refused'
  | 'channel/rate-limited'
  | 'probe/cannot-run'
  | 'report/unreadable'
  | 'report/unwritable'
  | 'report/not-judged'
  | 'journal/unreadable'
  | 'journal/unwritable'
  | 'key/unreadable'
  | 'key/unwritable'
  | 'store/not-found'
  | 'store/unreadable'
  | 'store/unwritable'
  | 'store/locked'
  | 'store/full'
  | 'store/newer'
  | 'run/left-out'
  | 'run/aborted'
  | 'run/may-not-page'
  | 'run/timed-out';

/** Where in a file a fault stands. Lines and columns count from 1; `length` is how many columns the caret line marks. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The text of that line, kept so that a fault can be shown after the file has changed. */
  readonly source: string;
}

export interface FaultDetails {
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
  readonly cause?: unknown;
}

/**
 * Something that went wrong in a way we expect: bad configuration, an unreachable server, a missing tool.
 * Anything thrown that is not a Fault is a bug of ours and ends the command with exit code 70.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly hint: string | undefined;
  readonly place: Place | undefined;

  constructor(code: FaultCode, message: string, details: FaultDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Fault';
    this.code = code;
    this.hint = details.hint;
    this.place = details.place;
  }
}

/** The same fault, standing at `place` unless it already has a place of its own. */
export function faultAt(fault: Fault, place: Place | undefined): Fault {
  if (fault.place !== undefined || place === undefined) return fault;
  return new Fault(fault.code, fault.message, { hint: fault.hint, place, cause: fault.cause });
}
