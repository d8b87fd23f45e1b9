import type { Outcome } from '../../check/outcome.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import type { GrpcObservation } from './observation.ts';
import type { GrpcOptions } from './options.ts';

export function judgeGrpc({ service, expect }: GrpcOptions, { trouble, status }: GrpcObservation): Outcome {
  if (trouble !== undefined) return judgeTrouble(trouble);
  if (status === undefined) return { status: 'error', reasons: ['nothing was asked'] };
  if (status === expect.status) return { status: 'pass', reasons: [] };
  const who = service === '' ? 'the server' : `the service ${service}`;
  return { status: 'fail', reasons: [`${who} is ${status}, expected ${expect.status}`] };
}
