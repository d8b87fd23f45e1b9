import type { z } from 'zod';
import { withoutCredentials } from '../base/exchange.ts';
import type { LoadedRule } from '../stack/prometheus.ts';
import type { injection } from './injection.ts';
import type { TouchContext } from './proof.ts';
import { signalsOfFault } from './signals.ts';
import type { Touch } from './touch.ts';

type Injection = Pick<z.output<typeof injection>, 'says' | 'inject' | 'lasts' | 'alsoFires'>;

/** What something broken on purpose touches, before it is broken; `isOwn` says which rules it is made to fire. */
export async function faultTouch(
  { says, inject, lasts, alsoFires }: Injection,
  context: TouchContext,
  { does = 'fault', isOwn }: { readonly does?: Touch['does']; readonly isOwn?: (rule: LoadedRule) => boolean } = {},
): Promise<Touch> {
  const request = `${inject.method} ${withoutCredentials(inject.url).url}`;
  return { does, says, request, atMostMs: lasts, ...(await signalsOfFault(isOwn, alsoFires, context)) };
}
