import type { Reach } from '../../check/reach.ts';
import type { HttpObservation, StepSeen } from './observation.ts';
import type { HttpOptions } from './options.ts';

const local = /^(?:localhost|127\.[\d.]+|\[::1\])$/;

/** By the last step that was made: it is the one that fell short, if one did. */
export function reachOfHttp(_options: HttpOptions, { steps }: HttpObservation): Reach | undefined {
  const last = steps.at(-1);
  const url = last === undefined ? null : URL.parse(last.request.url);
  if (last === undefined || url === null) return undefined;
  return { target: url.host, isLocal: local.test(url.hostname), way: wayOf(last) };
}

function wayOf({ answer, trouble }: StepSeen): Reach['way'] {
  if (answer !== undefined || trouble === undefined) return 'answered';
  switch (trouble.kind) {
    case 'timed-out':
      return (trouble.timing?.connectMs ?? 0) > 0 ? 'too-slow' : 'no-answer';
    case 'unreachable':
    case 'name-not-found':
    case 'ours':
      return 'no-answer';
    // Somebody there has refused, hung up or said something else: no machine makes that up.
    case 'refused':
    case 'closed':
    case 'tls':
    case 'not-http':
    case 'astray':
    case 'garbled':
      return 'answered';
  }
}
