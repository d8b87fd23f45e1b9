import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '../base/digest.ts';
import type { Board } from '../board/board.ts';
import type { Person } from '../gate/gate.ts';

/** Whoever asks: somebody the gate knows, or nobody in particular. */
export type Reader = Person | 'nobody';

/** Who an `authorization` header says that is; undefined when it lies. Without a header it is nobody. */
export function readerOf(header: string | undefined, people: readonly Person[]): Reader | undefined {
  if (header === undefined) return 'nobody';
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header) ?? [];
  const [, email = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return people.find((person) => {
    const isNamed = person.email.toLowerCase() === email.toLowerCase();
    return isNamed && person.password !== undefined && isSame(person.password, password);
  });
}

/** `denied` to those whose roles do not fit, `unknown` to whoever has not said who they are. */
export function mayRead({ access }: Board, reader: Reader): 'yes' | 'denied' | 'unknown' {
  if (access === 'public') return 'yes';
  if (reader === 'nobody') return 'unknown';
  return access.roles.some((role) => reader.roles.includes(role)) ? 'yes' : 'denied';
}

/** In a time that says nothing of where they differ, nor of how long the right one is. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}
