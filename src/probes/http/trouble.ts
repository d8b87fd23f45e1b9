import { networkFailureOf, tellingOf } from '../../base/network-failure.ts';
import { NotHttp } from './exchange.ts';
import { Astray } from './follow.ts';
import type { Trouble } from './observation.ts';
import type { Phase } from './watch.ts';

/** A body that is not what its headers say. */
export class Garbled extends Error {}

/** A resolver that says that there is no such name, or that it has no address, speaks of the target. */
const unknownNames: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'ENONAME']);

/** Sorts an error of a request; undefined when it is none that we know, and so a bug. */
export function troubleOf(thrown: unknown, phase: Phase): Trouble | undefined {
  const error = tellingOf(thrown);
  if (!(error instanceof Error)) return undefined;
  if (error instanceof Astray) return { kind: 'astray', says: error.message };
  if (error instanceof Garbled) return { kind: 'garbled', says: error.message };
  if (error instanceof NotHttp) return { kind: 'not-http', says: error.message };
  if (phase === 'dns' && 'code' in error)
    return { kind: unknownNames.has(String(error.code)) ? 'name-not-found' : 'ours', says: error.message };
  const failure = networkFailureOf(error);
  return failure === undefined ? undefined : { kind: failure === 'protocol' ? 'not-http' : failure, says: error.message };
}
