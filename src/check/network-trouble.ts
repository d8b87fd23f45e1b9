import { z } from 'zod';
import { networkFailureOf, tellingOf } from '../base/network-failure.ts';

/** Why a server could not be talked to. `ours` stands for what says nothing about it: no route from here, a busy resolver, no file handles left. */
export const networkTrouble = z.strictObject({
  kind: z.enum(['refused', 'closed', 'timed-out', 'name-not-found', 'tls', 'not-http', 'unreachable', 'ours']),
  says: z.string(),
});
export type NetworkTrouble = Readonly<z.infer<typeof networkTrouble>>;

const words: Readonly<Record<NetworkTrouble['kind'], string>> = {
  refused: 'connection refused',
  closed: 'the connection was closed before the answer was complete',
  'timed-out': 'timed out',
  'name-not-found': 'the host name does not exist',
  tls: 'no trusted TLS connection',
  'not-http': 'the answer is not HTTP',
  unreachable: 'the host cannot be reached',
  ours: 'could not be asked from here',
};

/** Sorts an error of a connection; undefined when it is none. */
export function networkTroubleOf(thrown: unknown): NetworkTrouble | undefined {
  const error = tellingOf(thrown);
  const failure = networkFailureOf(error);
  return failure === undefined ? undefined : { kind: failure === 'protocol' ? 'not-http' : failure, says: (error as Error).message };
}

export function describeNetworkTrouble({ kind, says }: NetworkTrouble): string {
  return `${words[kind]} (${says})`;
}
