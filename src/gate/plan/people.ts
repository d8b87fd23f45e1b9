import { troubleOf, type Trouble } from '../../base/trouble.ts';
import { Fault } from '../../base/fault.ts';
import type { OnCall } from '../../stack/rotation.ts';
import type { ProofContext } from '../proof.ts';
import type { Way } from './ways.ts';

/** Who is on call, or why nobody can tell. */
export type Rotation = { readonly onCall: readonly OnCall[] } | { readonly trouble: Trouble };

export async function readRotation({ onCall, signal }: Pick<ProofContext, 'onCall' | 'signal'>): Promise<Rotation> {
  try {
    return { onCall: await onCall() };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Fault)) throw error;
    return { trouble: troubleOf(error) };
  }
}

/** Whom a way wakes, as people are called; nobody is an empty list. */
export function wokenBy({ wakes, to, by }: Pick<Way, 'wakes' | 'to' | 'by'>, rotation: Rotation): readonly string[] {
  switch (wakes) {
    case 'nobody':
      return [];
    case 'on-call':
      return firstCalled(rotation);
    case 'holder':
      return [`whoever answers ${to ?? 'the phone'}`];
    case 'somebody':
      return [`whoever ${by ?? 'it'} calls`];
    case 'unknown':
      return [`perhaps somebody behind ${by ?? 'something'}${to === undefined ? '' : ` (${to})`}`];
  }
  return wakes satisfies never;
}

function firstCalled(rotation: Rotation): readonly string[] {
  if ('trouble' in rotation) return ['whoever is on call'];
  const [first] = rotation.onCall;
  const called = rotation.onCall.filter(({ level }) => level === first?.level);
  return called.length === 0 ? ['nobody: the rotation is empty'] : called.map(({ name, email }) => `${name} <${email}>`);
}
